package dev.runnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.age.AgeKeys;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.Locations;
import dev.runnel.setup.StoreOptions;
import dev.runnel.store.RateLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encryption and limits of a replica. */
final class StoreOptionsTest {
    private static final String IDENTITY = "AGE-SECRET-KEY-1CVRS97CJGCZLKU2QG6UV56W3PF3DCUAH7EXQLFYLL8NKPKEURP2SLP3HLH";
    private static final String RECIPIENT = "age12d4eewrul4x5ycryq592xqrhmmjghxpx5tcs77p5l9p3p4zq6q0skazflz";

    private static final String OTHER_RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    @TempDir
    private Path folder;

    @Test
    void replicaSaysNothingAndHasNeitherKeysNorLimits() throws IOException {
        assertThat(read("")).isEqualTo(StoreOptions.DEFAULT);
    }

    @Test
    void keysComeFromTheFileAsLitestreamHasThem() throws IOException {
        AgeKeys keys = read("age: {identities: [\"$KEY\"], recipients: [" + RECIPIENT + "]}")
                .encryption()
                .orElseThrow();
        assertThat(keys.identities().getFirst().recipient()).hasToString(RECIPIENT);
        assertThat(keys.recipients()).hasToString("[" + RECIPIENT + "]");
        assertThat(keys.toString()).doesNotContain("SECRET");
    }

    @Test
    void recipientsAloneAreForAHostThatOnlyEncrypts() throws IOException {
        assertThat(read("age: {recipients: [$RECIPIENT]}").isEncryptOnly()).isTrue();
        assertThat(read("age: {identities: [$KEY], recipients: [$RECIPIENT]}").isEncryptOnly())
                .isFalse();
        assertThat(read("").isEncryptOnly()).isFalse();
    }

    @Test
    void limitsAreRead() throws IOException {
        assertThat(read("max-requests-per-second: 50, max-bytes-per-second: 2MB")
                        .limits())
                .isEqualTo(new RateLimits(OptionalLong.of(50), OptionalLong.of(2_000_000)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "age: {identities: [$NOT_SET], recipients: [$RECIPIENT]} | this is not an age identity",
                "age: {identities: [\"$KEY\"], recipients: [$OTHER]} | only to encrypt",
                "age: {identities: [/etc/age.txt]} | AGE-SECRET-KEY-1",
                "'age: {identities: [\"$KEY\"], recipients: [age1xyz]}' | \"age1xyz\" is not an age recipient",
                "age: {identities: [\"$KEY\"], passphrase: x} | unknown key",
                "age: AGE-SECRET-KEY-1 | expected keys and values",
                "max-requests-per-second: 0 | above 0",
                "max-requests-per-second: many | above 0",
                "max-bytes-per-second: 0 | greater than 0"
            })
    void whatCannotBeMeantIsRefused(String keys, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(keys))
                .withMessageContaining("dbs[0].replica.")
                .withMessageContaining(message);
    }

    private StoreOptions read(String keys) throws IOException {
        Path file = folder.resolve("runnel.yml");
        Files.writeString(file, "dbs: [{path: /data/app.db, replica: {path: /backup/app, " + keys + "}}]\n");
        Map<String, String> environment = Map.of("KEY", IDENTITY, "RECIPIENT", RECIPIENT, "OTHER", OTHER_RECIPIENT);
        ConfigFile reader = new ConfigFile(environment, new Locations(folder, folder, environment));
        List<DatabaseConfig> databases =
                reader.read(file, ConfigFile.Expansion.EXPAND).databases();
        return databases.getFirst().replicas().getFirst().store();
    }
}
