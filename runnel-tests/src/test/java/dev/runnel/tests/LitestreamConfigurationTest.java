package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.age.Identity;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.ChildSession;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations as users of Litestream 0.3 and 0.5 have them, from the first run to the restored file. */
@Tag("slow")
class LitestreamConfigurationTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private Path database = Path.of("");
    private final Identity identity = Identity.generate();

    @BeforeEach
    void createDatabase() throws Exception {
        database = folder.resolve("app.db");
        sql("pragma journal_mode = wal", "create table t (id integer primary key, a)", "insert into t (a) values (1)");
    }

    /** The file of a user of 0.3, with a second replica that is encrypted, and what a third would say. */
    private String ofLitestream03(String more) {
        return """
                access-key-id: AKIAxxxxxxxxxxxxxxxx
                secret-access-key: xxxxxxxxxx
                dbs:
                  - path: FOLDER/app.db
                    monitor-interval: 1s
                    checkpoint-interval: 1m
                    min-checkpoint-page-count: 1000
                    replicas:
                      - name: disk
                        type: file
                        path: FOLDER/disk
                        retention: 72h
                        retention-check-interval: 2h
                        snapshot-interval: 12h
                        sync-interval: 1s
                        MORE
                      - name: secret
                        path: FOLDER/secret
                        MORE
                        age:
                          identities:
                            - IDENTITY
                          recipients:
                            - RECIPIENT
                """.replace("FOLDER", folder.toString())
                .replace("MORE", more)
                .replace("IDENTITY", identity.secretText())
                .replace("RECIPIENT", identity.recipient().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"# as it is", "layout: generations"})
    void thatOf03RunsAsItIsAndInItsOwnLayout(String more) throws Exception {
        boolean isItsLayout = more.startsWith("layout");
        String text = ofLitestream03(more);
        String log = follow(text, "disk", "secret");
        sql("insert into t (a) values (2), (3)");
        follow(text, "disk", "secret");

        assertThat(log).contains("dbs[0].monitor-interval has no effect", "dbs[0].checkpoint-interval has no effect");
        assertThat(log.contains("retention-check-interval has no effect")).isNotEqualTo(isItsLayout);
        for (String replica : List.of("disk", "secret")) {
            assertThat(Files.exists(folder.resolve(replica).resolve("generations")))
                    .isEqualTo(isItsLayout);
            assertThat(Files.exists(folder.resolve(replica).resolve("ltx"))).isNotEqualTo(isItsLayout);
        }
    }

    @Test
    void aStoreThatIsNotThereIsAClearError() throws IOException {
        String text = ofLitestream03("layout: generations") + "      - url: gcs://bucket/path\n";
        assertThat(run(text, 1, "replicate", "-once"))
                .contains("dbs[0].replicas[2].url: replicas of type gcs are not supported yet");
    }

    @Test
    void thatOf05RunsAsItIs() throws Exception {
        String text = """
                levels:
                  - interval: 30s
                  - interval: 5m
                snapshot:
                  interval: 12h
                  retention: 72h
                l0-retention: 10m
                logging:
                  level: info
                dbs:
                  - path: FOLDER/app.db
                    replica:
                      type: file
                      path: FOLDER/backup
                      sync-interval: 1s
                """.replace("FOLDER", folder.toString());
        follow(text, "file");
        sql("insert into t (a) values (2), (3)");
        follow(text, "file");
    }

    @Test
    void whereOnlyTheGenerationsAreLeftTheHistoryGoesOnInThem() throws Exception {
        String text = ofLitestream03("layout: generations");
        follow(text, "disk", "secret");
        List<String> first = generations();
        forgetEverythingLocal();
        try (Child child = start(text)) {
            child.awaitLine(Pattern.compile("ledger rebuilt by a scan; the database is as at TXID"), LIMIT);
            sql("insert into t (a) values (5)");
            stopWhenAllIsAt(child, text, "disk", "secret");
        }

        forgetEverythingLocal();
        sql("insert into t (a) values (2), (3)");
        follow(text, "disk", "secret");
        assertThat(generations()).as("generations").isEqualTo(first);

        sql("pragma journal_mode = delete", "pragma page_size = 8192", "vacuum", "pragma journal_mode = wal");
        follow(text, "disk", "secret");
        sql("insert into t (a) values (4)");
        follow(text, "disk", "secret");
        assertThat(generations()).as("a generation for each page size").hasSize(2);
    }

    @Test
    void aSnapshotIsMadeWhenAskedForAndRetentionThenLeavesTheNewest() throws Exception {
        String text = ofLitestream03("layout: generations").replace("retention: 72h", "retention: 1ms");
        try (ChildSession application = ChildSession.open(database)) {
            application.run("insert into t (a) values (2)");
            run(text, 0, "replicate", "-once");
            application.run("insert into t (a) values (3)");
            run(text, 0, "replicate", "-once", "-force-snapshot");
            assertThat(snapshots("disk")).hasSize(2);
            application.run("insert into t (a) values (4)");
            run(text, 0, "replicate", "-once", "-force-snapshot", "-enforce-retention");
        }
        assertThat(snapshots("disk")).hasSize(1);
        assertThat(snapshots("secret")).as("kept for a day").hasSize(3);
        assertRestores(text, "disk");
    }

    private List<String> snapshots(String replica) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(replica))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".snapshot.lz4"))
                    .toList();
        }
    }

    private List<String> generations() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("disk/generations"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private void forgetEverythingLocal() throws IOException {
        Files.walkFileTree(folder.resolve(".app.db-runnel"), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Lets the program run until replicas have what the database has; gives its log. */
    private String follow(String text, String... replicas) throws IOException {
        try (Child child = start(text)) {
            stopWhenAllIsAt(child, text, replicas);
            return child.transcript();
        }
    }

    private Child start(String text) throws IOException {
        Path config = Files.writeString(folder.resolve("litestream.yml"), text);
        return Child.start(RunnelCommand.of("replicate", "-config", config.toString()), Map.of());
    }

    private void stopWhenAllIsAt(Child child, String text, String... replicas) {
        for (String replica : replicas) {
            Await.until("everything is at " + replica, LIMIT, () -> {
                assertRestores(text, replica);
                return true;
            });
        }
        assertThat(child.stop(LIMIT)).as(child.transcript()).isZero();
    }

    /** The restored file has the rows of the database. */
    private void assertRestores(String text, String replica) throws IOException {
        Path output = folder.resolve("restored.db");
        Files.deleteIfExists(output);
        run(text, 0, "restore", "-replica", replica, "-o", output.toString(), database.toString());
        assertThat(DatabaseOracle.rowDigest(output)).isEqualTo(DatabaseOracle.rowDigest(database));
    }

    private void sql(String... statements) throws Exception {
        try (ChildSession session = ChildSession.open(database)) {
            session.run(statements);
        }
    }

    private String run(String text, int exit, String command, String... arguments) throws IOException {
        Path config = Files.writeString(folder.resolve("litestream.yml"), text);
        List<String> line = new ArrayList<>(List.of(command, "-config", config.toString()));
        line.addAll(List.of(arguments));
        try (Child child = Child.start(RunnelCommand.of(line.toArray(String[]::new)), Map.of())) {
            int status = child.awaitExit(LIMIT);
            assertThat(status).as(child.transcript()).isEqualTo(exit);
            return child.transcript();
        }
    }
}
