package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.age.Identity;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.storm.Habits;
import dev.runnel.testkit.storm.Storm;
import dev.runnel.testkit.storm.StormDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A host with age recipients and no identities, in both layouts; another one has the identity. */
@Tag("slow")
class EncryptOnlyHostTest {
    private static final int USUAL_ROUNDS = 4;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Pattern WARNING = Pattern.compile("WARN.*No age identity is configured");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Path database = Path.of("");
    private String recipientsOnly = "";
    private String withIdentity = "";

    @BeforeEach
    void makeKeys() {
        database = folder.resolve("app.db");
        Identity identity = Identity.generate();
        recipientsOnly = "{recipients: [" + identity.recipient() + "]}";
        withIdentity = "{identities: [%s], recipients: [%s]}".formatted(identity.secretText(), identity.recipient());
    }

    @Test
    void i15KilledAndStartedAgainItContinuesWithoutASnapshotAndAnotherMachineRestores() throws Exception {
        StormDatabase.create(database, 4096);
        long seed = Seeds.of("kills of a host that can only encrypt");
        Random random = new Random(seed);
        Path config = config("encrypt.yml", database, recipientsOnly);
        Map<Path, Long> snapshots = new TreeMap<>();
        try (Storm storm = new Storm(seed)
                .with(Habits.all().synchronous("normal"), () -> ChildSession.open(database))
                .start()) {
            for (int round = 0; round < Seeds.rounds(USUAL_ROUNDS); round++) {
                try (ProgramEngine engine = start(config)) {
                    engine.awaitLog(WARNING);
                    awaitMore(engine, random.nextInt(1, 4));
                    storm.awaitMoreCommits(random.nextInt(30), LIMIT);
                    engine.kill9();
                    assertThat(engine.log()).doesNotContain("ERROR", "holds another history");
                }
                if (snapshots.isEmpty()) {
                    // One at each replica.
                    snapshots.putAll(snapshots());
                    assertThat(snapshots).hasSize(2);
                }
            }
            storm.stop();
        }
        Path source = folder.resolve("source.db");
        try (ProgramEngine engine = start(config)) {
            engine.awaitLog(WARNING);
            try (ChildSession session = ChildSession.open(database)) {
                session.run("update s set total = total + 1", "pragma wal_checkpoint(truncate)");
            }
            DatabaseOracle.copyOf(database, source);
            Await.until("change sets are compacted", LIMIT, () -> {
                engine.assertAlive();
                return count("ltx-replica/ltx/1", ".ltx") > 0;
            });
            assertThat(engine.stop()).as(engine.log()).isZero();
            assertThat(engine.log()).doesNotContain("ERROR", "holds another history", "degraded");
        }
        assertThat(snapshots()).as("no restart takes a snapshot").isEqualTo(snapshots);
        assertThat(names(".adopted")).isEmpty();
        assertThat(names(".encrypted")).isEmpty();
        assertRestoresTo(source);
    }

    @Test
    void retentionRemovesWhatIsReplacedAndNoRunTakesASnapshotUnasked() throws Exception {
        Path config = config("encrypt.yml", database, recipientsOnly);
        try (Application application = Application.start(database).orders(5, "first")) {
            assertThat(once(config, 0)).containsPattern(WARNING);
            Map<Path, Long> snapshots = snapshots();
            for (int i = 0; i < 3; i++) {
                application.order("run " + i);
                once(config, 0);
            }
            assertThat(snapshots()).isEqualTo(snapshots);
            for (int i = 0; i < 2; i++) {
                application.order("with a snapshot " + i);
                once(config, 0, "-force-snapshot", "-enforce-retention");
            }
            assertThat(snapshots()).doesNotContainKeys(snapshots.keySet().toArray(Path[]::new));
            assertOrders(application.orders());
        }
        assertThat(names(".encrypted")).isEmpty();
    }

    @Test
    void i23ACloneIsDetectedAndChangesNothing() throws Exception {
        Path config = config("encrypt.yml", database, recipientsOnly);
        Path clone = Files.createDirectory(folder.resolve("clone")).resolve("app.db");
        try (Application application = Application.start(database).orders(3, "before it was cloned")) {
            once(config, 0);
            DatabaseOracle.copyOf(database, clone);
            Child.run(
                    LIMIT,
                    List.of(
                            "cp",
                            "-r",
                            folder.resolve(".app.db-runnel").toString(),
                            clone.resolveSibling(".app.db-runnel").toString()));
            try (ProgramEngine original = start(config)) {
                application.order("after it was cloned");
                awaitMore(original, 1);
                try (ProgramEngine second = start(config("clone.yml", clone, recipientsOnly));
                        Application other = Application.start(clone).order("of the clone")) {
                    Await.until("the clone has stopped at both replicas", LIMIT, () -> {
                        application.order("while the clone looks on");
                        original.assertAlive();
                        long stopped = second.log()
                                .lines()
                                .filter(line -> line.contains("ERROR") && line.contains("stopped"))
                                .count();
                        return stopped >= 2;
                    });
                    assertThat(other.orders()).last().asString().contains("of the clone");
                    second.kill9();
                }
                application.order("the last one");
                assertThat(original.stop()).as(original.log()).isZero();
            }
            assertOrders(application.orders());
        }
        assertThat(snapshots()).hasSize(2);
    }

    @Test
    void i54AMachineThatLostItsFilesContinuesAboveAndKeepsWhatWasThere() throws Exception {
        Path config = config("encrypt.yml", database, recipientsOnly);
        try (Application application = Application.start(database).orders(3, "before")) {
            once(config, 0);
            Map<Path, Long> before = contents();
            Scene.deleteTree(folder.resolve(".app.db-runnel"));
            application.order("after the loss");
            assertThat(once(config, 0)).containsPattern("WARN.*holds another history.*encrypted");
            for (int i = 0; i < 2; i++) {
                application.order("more " + i);
                once(config, 0, "-force-snapshot", "-enforce-retention");
            }
            assertThat(contents()).containsAllEntriesOf(before);
            assertOrders(application.orders());
        }
        assertThat(names(".encrypted")).hasSize(2);
    }

    @Test
    void aLostChangeLogIsReplacedThoughNothingCanBeReadBack() throws Exception {
        Path config = config("encrypt.yml", database, recipientsOnly);
        try (Application application = Application.start(database).orders(3, "before")) {
            once(config, 0);
            Files.delete(folder.resolve(".app.db-runnel/ledger"));
            Scene.deleteTree(folder.resolve(".app.db-runnel/log"));
            application.order("after the loss").restartWal();
            assertThat(once(config, 0)).containsPattern("WARN.*cannot be read back.*no age identity");
            application.order("and on");
            once(config, 0);
            assertOrders(application.orders());
        }
    }

    @Test
    void aRestoreOnTheHostSaysWhatIsMissing() throws Exception {
        Path config = config("encrypt.yml", database, recipientsOnly);
        try (Application application = Application.start(database).orders(3, "secret")) {
            once(config, 0);
            assertThat(application.orders()).hasSize(3);
        }
        assertThat(run(1, "restore", "-config", config.toString(), "-o", folder.resolve("x.db") + "", database + ""))
                .contains("no age identity is configured");
    }

    private ProgramEngine start(Path config) {
        return ProgramEngine.startWith(config, () -> new ReplicaOracle(folder.resolve("ltx-replica")));
    }

    /** Waits until both replicas have more objects. */
    private void awaitMore(ProgramEngine engine, int more) {
        long ltx = count("ltx-replica", ".ltx");
        long wals = count("generations-replica", ".wal.lz4");
        Await.until("both replicas have more", LIMIT, () -> {
            engine.assertAlive();
            return count("ltx-replica", ".ltx") >= ltx + more
                    && count("generations-replica", ".wal.lz4") >= wals + more;
        });
    }

    private void assertOrders(List<String> orders) throws IOException {
        for (String replica : List.of("ltx", "generations")) {
            assertThat(Application.ordersIn(restore(replica))).as(replica).isEqualTo(orders);
        }
    }

    private void assertRestoresTo(Path source) throws IOException, SqlFailure {
        for (String replica : List.of("ltx", "generations")) {
            DatabaseOracle.assertSameBytes(source, restore(replica));
        }
    }

    private Path restore(String replica) throws IOException {
        Path output = folder.resolve("restored.db");
        Files.deleteIfExists(output);
        Path config = config("restore.yml", database, withIdentity);
        run(0, "restore", "-config", config + "", "-replica", replica, "-o", output + "", database + "");
        return output;
    }

    private Path config(String name, Path db, String age) throws IOException {
        return Files.writeString(folder.resolve(name), """
                snapshot: {retention: 1ms}
                levels: [{interval: 1s}, {interval: 2s}]
                dbs:
                  - path: DATABASE
                    replicas:
                      - {name: ltx, path: FOLDER/ltx-replica, age: AGE}
                      - {name: generations, path: FOLDER/generations-replica, layout: generations, age: AGE}
                """.replace("DATABASE", db.toString())
                .replace("FOLDER", folder.toString())
                .replace("AGE", age));
    }

    private static String once(Path config, int exit, String... flags) {
        List<String> arguments = new ArrayList<>(List.of("replicate", "-once", "-config", config.toString()));
        arguments.addAll(List.of(flags));
        return run(exit, arguments.toArray(String[]::new));
    }

    private static String run(int exit, String... arguments) {
        return RunnelCommand.run(LIMIT, exit, arguments);
    }

    private Map<Path, Long> snapshots() throws IOException {
        Map<Path, Long> found = contents();
        found.keySet().removeIf(path -> !path.toString().matches(".*/(ltx/9/.*\\.ltx|snapshots/.*\\.lz4)"));
        return found;
    }

    private List<Path> names(String suffix) throws IOException {
        return contents().keySet().stream()
                .filter(path -> path.toString().endsWith(suffix))
                .toList();
    }

    private long count(String replica, String suffix) {
        Path top = folder.resolve(replica);
        return Await.value("a listing while nothing is removed", LIMIT, () -> {
            if (!Files.exists(top)) {
                return Optional.of(0L);
            }
            try (Stream<Path> files = Files.walk(top)) {
                return Optional.of(
                        files.filter(file -> file.toString().endsWith(suffix)).count());
            }
        });
    }

    /** The objects at both replicas. */
    private Map<Path, Long> contents() throws IOException {
        Map<Path, Long> digests = new TreeMap<>();
        for (String replica : List.of("ltx-replica", "generations-replica")) {
            Path top = folder.resolve(replica);
            if (Files.exists(top)) {
                digests.putAll(FileDigests.of(top));
            }
        }
        return digests;
    }
}
