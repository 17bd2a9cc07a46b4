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
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The program with replicas in both layouts, in the clear and encrypted, killed and started again. */
@Tag("slow")
class GenerationsLayoutTest {
    private static final int USUAL_ROUNDS = 4;
    private static final int SAMPLES = 4;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Path database = Path.of("");
    private Path config = Path.of("");
    private Path ltx = Path.of("");

    @BeforeEach
    void configure() throws SqlFailure, IOException {
        database = StormDatabase.create(folder.resolve("app.db"), 4096);
        ltx = folder.resolve("ltx-replica");
        Identity identity = Identity.generate();
        config = Files.writeString(folder.resolve("runnel.yml"), """
                dbs:
                  - path: FOLDER/app.db
                    replicas:
                      - {name: ltx, path: FOLDER/ltx-replica}
                      - {name: plain, path: FOLDER/plain, layout: generations}
                      - name: secret
                        path: FOLDER/secret
                        layout: generations
                        age: {identities: [IDENTITY], recipients: [RECIPIENT]}
                """.replace("FOLDER", folder.toString())
                .replace("IDENTITY", identity.secretText())
                .replace("RECIPIENT", identity.recipient().toString()));
    }

    @Test
    void killedAgainAndAgainEveryPointIsThatOfTheOtherLayout() throws SqlFailure, IOException {
        long seed = Seeds.of("kills with both layouts");
        Random random = new Random(seed);
        ReplicaOracle oracle = new ReplicaOracle(ltx);
        try (Storm storm = new Storm(seed)
                .with(Habits.all().synchronous("normal"), () -> ChildSession.open(database))
                .start()) {
            for (int round = 0; round < Seeds.rounds(USUAL_ROUNDS); round++) {
                try (ProgramEngine engine = ProgramEngine.startWith(config, () -> oracle)) {
                    engine.awaitTxid(oracle.newestTxid() + random.nextInt(1, 5));
                    storm.awaitMoreCommits(random.nextInt(30), LIMIT);
                    engine.kill9();
                }
            }
            storm.stop();
        }
        Path source = folder.resolve("source.db");
        try (ProgramEngine engine = ProgramEngine.startWith(config, () -> oracle)) {
            try (ChildSession session = ChildSession.open(database)) {
                // How much the replicas missed while they were killed depends on the machine; this much they all have.
                for (int i = 0; i <= SAMPLES; i++) {
                    session.run("update s set total = total + 1");
                    engine.awaitTxid(oracle.newestTxid() + 1);
                }
                session.run("update s set total = total + 1", "pragma wal_checkpoint(truncate)");
            }
            DatabaseOracle.copyOf(database, source);
            Await.until("the newest TXID is the source", LIMIT, () -> {
                engine.assertAlive();
                Path image = oracle.imageAt(oracle.newestTxid()).writeTo(folder.resolve("last.db"));
                DatabaseOracle.assertSameBytes(source, image);
                return true;
            });
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        for (String replica : List.of("ltx", "plain", "secret")) {
            DatabaseOracle.assertSameBytes(source, restore(replica));
        }
        List<Long> txids = new ArrayList<>(txids(folder.resolve("plain"), ".wal.lz4", 1));
        txids.retainAll(txids(folder.resolve("secret"), ".wal.lz4", 1));
        txids.retainAll(txids(ltx.resolve("ltx/0"), ".ltx", 0));
        assertThat(txids).hasSizeGreaterThan(SAMPLES);
        for (int i = 0; i < SAMPLES; i++) {
            long txid = txids.get(random.nextInt(txids.size()));
            Path expected = oracle.imageAt(txid).writeTo(folder.resolve("expected.db"));
            String text = String.format("%016x", txid);
            DatabaseOracle.assertSameBytes(expected, restore("plain", "-txid", text));
            DatabaseOracle.assertSameBytes(expected, restore("secret", "-txid", text));
        }
    }

    /** The TXIDs of which the names below a folder speak: what is before the first of - and _, and some more. */
    private static List<Long> txids(Path replica, String suffix, int more) throws IOException {
        try (Stream<Path> files = Files.walk(replica)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .map(name -> name.split("[-_]", 2)[0])
                    .map(first -> Long.parseLong(first, 16) + more)
                    .sorted()
                    .toList();
        }
    }

    private Path restore(String replica, String... flags) throws IOException {
        Path output = folder.resolve("restored.db");
        Files.deleteIfExists(output);
        List<String> arguments = new ArrayList<>(
                List.of("restore", "-config", config.toString(), "-replica", replica, "-o", output.toString()));
        arguments.addAll(List.of(flags));
        arguments.add(database.toString());
        try (Child child = Child.start(RunnelCommand.of(arguments.toArray(String[]::new)), Map.of())) {
            assertThat(child.awaitExit(LIMIT)).as(child.transcript()).isZero();
        }
        return output;
    }
}
