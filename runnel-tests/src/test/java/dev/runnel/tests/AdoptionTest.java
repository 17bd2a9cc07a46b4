package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.age.Identity;
import dev.runnel.testkit.oracle.ReplicaOracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history at a replica has an owner: nothing else becomes its silent continuation. */
@Tag("slow")
class AdoptionTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private Scene scene = new Scene(Path.of(""));

    @BeforeEach
    void setScene() {
        scene = new Scene(folder);
    }

    @Test
    void i54AnEmptyDatabaseOnANewMachineIsAdoptedLoudlyAndTheStateBeforeOutlivesRetention() throws Exception {
        List<String> former = replicate(5, "of the lost machine");
        long last = scene.replica().newestTxid();
        loseMachine();
        try (Application application = Application.start(scene.database()).order("of the new machine")) {
            assertThat(once("", 0))
                    .containsPattern("WARN.*database does not match")
                    .contains("runnel restore -txid " + txid(last), "runnel adoptions -confirm");
            for (int i = 0; i < 2; i++) {
                application.order("and more " + i);
                once("", 0, "-force-snapshot", "-enforce-retention");
            }
            assertThat(ordersAt(scene.replica().newestTxid())).isEqualTo(application.orders());
            assertThat(ordersAt(last)).isEqualTo(former);

            assertThat(run(0, "adoptions", "-confirm", scene.replicaFolder().toString()))
                    .contains(txid(last));
            application.order("after the confirmation");
            once("", 0, "-force-snapshot", "-enforce-retention");
            assertThat(scene.replica().entries()).allMatch(file -> file.maxTxid() > last);
        }
    }

    @Test
    void aLocalHistoryThatWasLostIsNoAdoptionIfTheDatabaseIsAsTheReplicaSays() throws Exception {
        replicate(5, "before");
        Scene.deleteTree(scene.metaFolder());
        try (Application application = Application.start(scene.database())) {
            assertThat(once("", 0)).doesNotContain("does not match");
            assertThat(ordersAt(scene.replica().newestTxid())).isEqualTo(application.orders());
        }
        assertThat(run(0, "adoptions", scene.replicaFolder().toString())).doesNotContain("adopted");
    }

    @Test
    void i44ANameAloneDecidesNothing() throws Exception {
        replicate(3, "before");
        Path changeSets = Files.createDirectories(scene.replicaFolder().resolve("ltx/0"));
        for (String txid : List.of("7fffffffffffffff", "0000000000ffffff")) {
            Files.createFile(changeSets.resolve(txid + "-" + txid + ".ltx"));
        }
        Files.write(changeSets.resolve("0000000000fffffe-0000000000fffffe.ltx"), new byte[1000]);
        List<String> local = names(scene.metaFolder().resolve("log"));
        try (Application application = Application.start(scene.database()).order("after it")) {
            assertThat(once("", 0)).doesNotContain("does not match").doesNotContain("out of range");
            long newest = 0;
            for (ReplicaOracle.Entry each : scene.replica().entries()) {
                newest = each.maxTxid() < 0xfffffe ? Math.max(newest, each.maxTxid()) : newest;
            }
            assertThat(newest).isLessThan(100);
            assertThat(ordersAt(newest)).isEqualTo(application.orders());
        }
        assertThat(names(scene.metaFolder().resolve("log"))).containsAll(local);
        assertThat(changeSets.resolve("7fffffffffffffff-7fffffffffffffff.ltx")).exists();
    }

    @Test
    void i55EncryptedHistoryDoesNotContinueInTheClearUnaskedAndIsNeverRemoved() throws Exception {
        String age = newKeys();
        try (Application application = Application.start(scene.database()).orders(5, "secret")) {
            once(age, 0);
            Map<Path, Long> encrypted = contents();
            application.order("after the age section was lost");
            assertThat(once("", 1, "-force-snapshot", "-enforce-retention"))
                    .containsPattern("ERROR.*encrypted.*age")
                    .contains("-allow-unencrypted");
            assertThat(contents()).isEqualTo(encrypted);

            once("", 0, "-allow-unencrypted");
            for (int i = 0; i < 2; i++) {
                application.order("in the clear " + i);
                once("", 0, "-force-snapshot", "-enforce-retention");
            }
            assertThat(contents()).containsAllEntriesOf(encrypted);
            Path restored = new Restores(scene.replicaFolder(), folder).latest();
            assertThat(Application.ordersIn(restored)).isEqualTo(application.orders());
        }
    }

    @Test
    void i55RotatedKeysContinueEncryptedAndWhatWasThereStays() throws Exception {
        try (Application application = Application.start(scene.database()).orders(5, "secret")) {
            once(newKeys(), 0);
            Map<Path, Long> before = contents();
            application.order("with other keys");
            once(newKeys(), 0);
            assertThat(contents()).containsAllEntriesOf(before).hasSizeGreaterThan(before.size());
        }
    }

    private static String newKeys() {
        Identity identity = Identity.generate();
        return ", age: {identities: [%s], recipients: [%s]}".formatted(identity.secretText(), identity.recipient());
    }

    private List<String> replicate(int orders, String what) throws Exception {
        try (Application application = Application.start(scene.database()).orders(orders, what)) {
            once("", 0);
            application.order("one more");
            once("", 0);
            return application.orders();
        }
    }

    private void loseMachine() throws IOException {
        Scene.deleteTree(scene.metaFolder());
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(
                    scene.database().resolveSibling(scene.database().getFileName() + suffix));
        }
    }

    private String once(String also, int exit, String... flags) throws IOException {
        Path config = folder.resolve("runnel.yml");
        Files.writeString(config, """
                snapshot: {retention: 1ms}
                dbs:
                  - path: %s
                    replica: {path: %s%s}
                """.formatted(scene.database(), scene.replicaFolder(), also));
        List<String> arguments = new ArrayList<>(List.of("replicate", "-once", "-config", config.toString()));
        arguments.addAll(List.of(flags));
        return run(exit, arguments.toArray(String[]::new));
    }

    private static String run(int exit, String... arguments) {
        return RunnelCommand.run(LIMIT, exit, arguments);
    }

    private List<String> ordersAt(long txid) {
        Path restored = scene.replica().imageAt(txid).writeTo(folder.resolve("restored.db"));
        return Application.ordersIn(restored);
    }

    private static String txid(long txid) {
        return String.format("%016x", txid);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private Map<Path, Long> contents() throws IOException {
        return FileDigests.of(scene.replicaFolder());
    }
}
