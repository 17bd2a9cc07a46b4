package dev.runnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.cli.config.ConfigFile.Expansion;
import dev.runnel.location.Location;
import dev.runnel.s3.S3LocationType;
import dev.runnel.setup.Locations;
import dev.runnel.setup.ReplicaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Environment variables in a file, keys that ask for nothing, and what messages do not show. */
class VariablesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pass #word",
                "!bang",
                "*star",
                "&and",
                "a: b",
                "- dash",
                "quote\"and'quote",
                "back\\slash",
                "{brace}",
                "[bracket",
                "two\nlines",
                "%percent",
                "@at",
                "`tick",
                "$NOT_AGAIN"
            })
    void theValueOfAVariableIsTakenAsItIs(String secret) throws IOException {
        for (String line : List.of("$SECRET", "${SECRET}", "\"${SECRET}\"", "'$SECRET'")) {
            Config config = read(Map.of("SECRET", secret), """
                    dbs:
                      - path: /data/app.db
                        replica: {type: s3, bucket: b, access-key-id: id, secret-access-key: %s}
                    """.formatted(line));
            assertThat(config.databases().getFirst().replicas())
                    .as(line)
                    .extracting(ReplicaConfig::location)
                    .containsExactly(bucketWith(secret));
        }
    }

    private static Location bucketWith(String secret) {
        return new S3LocationType()
                .locate(Map.of("bucket", "b", "access-key-id", "id", "secret-access-key", secret), Map.of());
    }

    @Test
    void aVariableThatMakesNoSenseIsNamedAndItsValueIsNot() {
        assertThat(fail(Map.of("EVERY", "hidden"), """
                dbs:
                  - path: /data/app.db
                    sync-interval: ${EVERY}
                    replica: {path: /backup}
                """))
                .contains("line 3", "dbs[0].sync-interval", "${EVERY}", "environment variable")
                .doesNotContain("hidden");
    }

    @Test
    void encryptionThatAVariableWasToAskForIsNotLeftOut() {
        String[] files = {
            "dbs: [{path: /a.db, replica: {path: /b, age: $KEYS}}]",
            "dbs: [{path: /a.db, replica: {path: /b, age: {identities: ['$KEYS'], recipients: []}}}]",
            "dbs: [{path: /a.db, replica: {path: /b, age: {identities: $KEYS}}}]"
        };
        for (String file : files) {
            assertThat(fail(Map.of(), file)).as(file).contains("dbs[0].replica.age");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dbs: [{path: /a.db, replica: {path: /b, validation-interval: 0s}}]",
                "dbs: [{path: /a.db, replica: {path: /b, age: {identities: [], recipients: []}}}]",
                "dbs: [{path: /a.db, replica: {path: /b, age: {}}}]",
                "logging: {type: '', level: ''}\ndbs: [{path: /a.db, replica: {path: /b}}]",
                "account-name: unused\naccount-key: unused\nhost: unused\ndbs: [{path: /a.db, replica: {path: /b}}]",
                "access-key-id: unused\nsecret-access-key: unused\ndbs: [{path: /a.db, replica: {path: /b}}]",
                "heartbeat-url: ''\naddr: ''\nsocket: {enabled: false, path: /x}\ndbs: [{path: /a.db, replica: {path: /b}}]",
                "validation: {interval: 0s}\nexec: ''\ndbs: [{path: /a.db, replica: {path: /b}}]",
                "dbs: [{path: /a.db, meta-path: '', replica: {name: '', path: /b}}]",
                "dbs: [{path: /a.db}]"
            })
    void aKeyThatAsksForNothingIsAccepted(String text) throws IOException {
        assertThat(read(Map.of(), text).databases()).hasSize(1);
    }

    @Test
    void aDatabaseWithoutAReplicaIsWarnedOf() throws IOException {
        assertThat(read(Map.of(), "dbs: [{path: /a.db}]").notices())
                .containsExactly(new Notice(
                        "dbs[0] has no replica, so nothing of this database is backed up; give it a \"replica\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dbs: [{path: /a.db, replica: {type: s3, bucket: b, secret-access-key: *hidden}}]",
                "dbs: [{path: /a.db, replica: {type: s3, bucket: b, secret-access-key: !hidden}}]",
                "dbs: [{path: /a.db, replica: {type: s3, bucket: b, secret-access-key: !hidden!x y}}]",
                "dbs:\n  - path: /a.db\n    replica: secret-access-key:hidden\n",
                "dbs: [{path: /a.db, replica: {type: s3, bucket: b, secret-access-key:hidden}}]",
                "secret-access-key=hidden: x\ndbs: [{path: /a.db, replica: {path: /b}}]",
                "dbs: [{path: /a.db, replica: {path: 's3://b/p?sseCustomerKey=hidden'}}]",
                "dbs: [{path: /a.db, replica: {url: 'tape://user:hidden@host/p'}}]",
                "dbs: [{path: /a.db, replica: {url: 'sftp://user:hidden@host/p'}}]",
                "dbs: [{path: /a.db, replica: {url: 'abs://c/p?sas=hidden'}}]",
                "dbs: [{path: /a.db, replica: {path: /b, age: {identities: [AGE-SECRET-KEY-hidden]}}}]",
                "dbs: [{path: /a.db, replica: {path: /b, age: {recipients: [AGE-SECRET-KEY-1hidden]}}}]",
                "dbs: [{path: /a.db, replica: {type: s3, bucket: b, secret-access-key: \"hidden}}]"
            })
    void whatMayBeSecretIsNotShown(String text) {
        assertThat(fail(Map.of(), text)).doesNotContain("hidden").contains("line ");
    }

    @Test
    void ofAUrlTheMessageKeepsWhatLeadsThere() {
        assertThat(Redaction.of("cannot reach sftp://me:pw@host/x?key=a&endpoint=http://h:1&b, nor s3://b/p?region=r"))
                .isEqualTo("cannot reach sftp://***@host/x?key=***&endpoint=http://h:1&***, nor s3://b/p?region=r");
    }

    private Config read(Map<String, String> environment, String text) throws IOException {
        Path file = folder.resolve("runnel.yml");
        Files.writeString(file, text);
        return new ConfigFile(environment, new Locations(folder, folder, environment)).read(file, Expansion.EXPAND);
    }

    private String fail(Map<String, String> environment, String text) {
        ConfigException fault = catchThrowableOfType(ConfigException.class, () -> read(environment, text));
        assertThat(fault).as(text).isNotNull();
        return fault.getMessage() + " " + fault.nextStep();
    }
}
