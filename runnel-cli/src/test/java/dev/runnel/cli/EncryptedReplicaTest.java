package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.age.AgeKeys;
import dev.runnel.age.AgeStore;
import dev.runnel.age.Identity;
import dev.runnel.platform.Disk;
import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.FolderStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.PutOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recorded replica, encrypted. */
final class EncryptedReplicaTest {
    private static final Path FIXTURES = Path.of(System.getProperty("runnel.project"), "fixtures/litestream-0.5");

    private final Identity identity = Identity.generate();

    @TempDir
    private Path data;

    private GoldenWorld world;

    @BeforeEach
    void build() throws IOException {
        world = new GoldenWorld(data, FIXTURES);
        world.build();
        FolderStore plain = new FolderStore(Disk.system(), data.resolve("replica"));
        AgeKeys keys = new AgeKeys(List.of(identity), List.of(identity.recipient()));
        AgeStore encrypted = new AgeStore(new FolderStore(Disk.system(), data.resolve("secret")), keys);
        try (Stream<ObjectInfo> objects = plain.list("", Optional.empty())) {
            for (ObjectInfo object : objects.toList()) {
                encrypted.put(object.key(), new Copy(plain, object), PutOptions.replace(object.time()));
            }
        }
    }

    private record Copy(FolderStore from, ObjectInfo object) implements Body {
        @Override
        public OptionalLong length() {
            return OptionalLong.of(object.size());
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            try (InputStream in = from.open(object.key(), ByteRange.ALL)) {
                in.transferTo(out);
            }
        }
    }

    @Test
    void identitiesAloneRestoreIt() throws IOException {
        configure("identities: [" + identity.secretText() + "]");
        Outcome outcome = run("restore", "-o", "/data/out.db", "/data/app.db");
        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        assertThat(Files.mismatch(data.resolve("out.db"), data.resolve("app.db")))
                .isEqualTo(-1);
        assertThat(run("ltx", "/data/app.db").stdout())
                .isEqualTo(run("ltx", "/data/replica").stdout());
    }

    @Test
    void anotherIdentityDoesNot() throws IOException {
        configure("identities: [" + Identity.generate().secretText() + "]");
        Outcome outcome = run("restore", "-o", "/data/out.db", "/data/app.db");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr())
                .contains("none of the age identities opens it", "Add the identity")
                .doesNotContain("SECRET");
        assertThat(data.resolve("out.db")).doesNotExist();
    }

    @Test
    void itIsNotTakenForAReplicaInTheClear() throws IOException {
        assertThat(run("restore", "-o", "/data/out.db", "/data/secret").exit()).isEqualTo(1);
        assertThat(data.resolve("out.db")).doesNotExist();
    }

    @Test
    void replicatingWithoutRecipientsIsRefused() throws IOException {
        configure("identities: [" + identity.secretText() + "]");
        Outcome outcome = run("replicate");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr()).contains("replica file of /data/app.db has age identities and no recipients");
    }

    /** What cannot be decrypted is not damaged. */
    @Test
    void doctorFindsNothingWrongWithAndWithoutTheIdentity() throws IOException {
        for (String keys :
                List.of("identities: [" + identity.secretText() + "]", "recipients: [" + identity.recipient() + "]")) {
            configure(keys);
            Outcome outcome = run("doctor", "/data/app.db");
            assertThat(outcome.exit()).as(outcome.stdout() + outcome.stderr()).isZero();
            assertThat(outcome.stderr()).isEqualTo("1 replica: 0 faults, 0 repaired, 0 not examined\n");
        }
    }

    private void configure(String keys) throws IOException {
        String text = "dbs: [{path: /data/app.db, replica: {path: /data/secret, age: {" + keys + "}}}]\n";
        Files.writeString(data.resolve("secret.yml"), text.replace("/data", data.toString()));
    }

    private Outcome run(String... arguments) throws IOException {
        return world.run(List.of(arguments), Map.of("RUNNEL_CONFIG", "/data/secret.yml"));
    }
}
