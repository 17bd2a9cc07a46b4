package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two Runnels where there may be one: the second is told, and nothing of the first is harmed. */
@Tag("slow")
class TwoOfUsTest {
    @TempDir
    Path folder;

    private Scene scene = new Scene(Path.of(""));

    @BeforeEach
    void setScene() {
        scene = new Scene(folder);
    }

    @Test
    void aSecondRunnelOnOneDatabaseIsRefusedAndNamesTheFirst() throws SqlFailure {
        try (Application application = Application.start(scene.database());
                ProgramEngine first = scene.startRunnel().awaitHistory();
                ProgramEngine second = ProgramEngine.start(scene.database(), scene.file("other-replica"))) {
            second.awaitLog(Pattern.compile("\\b" + first.pid() + "\\b"));
            assertThat(new ReplicaOracle(scene.file("other-replica")).entries()).isEmpty();
            scene.nextCommitIsRestorable(application, first);
        }
    }

    @Test
    void afterAKillTheNextRunnelIsNotRefused() throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            try (ProgramEngine first = scene.startRunnel().awaitHistory()) {
                first.kill9();
            }
            try (ProgramEngine second = scene.startRunnel()) {
                scene.nextCommitIsRestorable(application, second);
            }
        }
    }

    @Test
    void i23WhenAnotherDatabasesRunnelHasWrittenToTheReplicaOursStopsAndOverwritesNothing()
            throws SqlFailure, IOException {
        Path otherDatabase = Files.createDirectory(scene.file("elsewhere")).resolve("other.db");
        try (Application application = Application.start(scene.database()).order("ours");
                Application stranger = Application.start(otherDatabase).order("of a stranger");
                ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            scene.nextCommitIsRestorable(application, engine);
            long newest = scene.replica().newestTxid();
            try (ProgramEngine strangersEngine = ProgramEngine.start(otherDatabase, scene.replicaFolder())) {
                stranger.order("one more");
                strangersEngine.awaitTxid(newest + 1);
                strangersEngine.kill9();
            }
            Map<Path, Long> before = contents();
            application.order("where somebody else was first");
            engine.awaitLog(Pattern.compile("ERROR.*stopped: .* is there already and was not written by this Runnel"));
            assertThat(contents()).containsAllEntriesOf(before);
        }
    }

    @Test
    void i23TheReplicaOfAnotherDatabaseIsNotGoneOnWithThoughNobodyWritesThereAnyMore() throws SqlFailure, IOException {
        Path otherDatabase = Files.createDirectory(scene.file("elsewhere")).resolve("other.db");
        try (Application application = Application.start(scene.database()).order("ours");
                Application stranger = Application.start(otherDatabase).order("of a stranger")) {
            try (ProgramEngine engine = scene.startRunnel().awaitHistory()) {
                scene.nextCommitIsRestorable(application, engine);
            }
            long newest = scene.replica().newestTxid();
            try (ProgramEngine strangersEngine = ProgramEngine.start(otherDatabase, scene.file("its own replica"))) {
                for (long txid = 1; txid <= newest + 1; txid++) {
                    stranger.order("one more");
                    strangersEngine.awaitTxid(txid);
                }
                strangersEngine.kill9();
            }
            Map<Path, Long> before = contents();
            try (ProgramEngine astray = ProgramEngine.start(otherDatabase, scene.replicaFolder())) {
                astray.awaitLog(
                        Pattern.compile("ERROR.*stopped: .* is there already and was not written by this Runnel"));
            }
            assertThat(contents()).isEqualTo(before);
        }
    }

    @Test
    void i23AnObjectThatIsNotOursStopsTheReplicaLoudlyAndStays() throws SqlFailure, IOException {
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            scene.nextCommitIsRestorable(application, engine);
            plantAtTheNextTxid();
            Map<Path, Long> before = contents();
            application.order("where somebody else was first");
            engine.awaitLog(Pattern.compile(
                    String.format("(WARN|ERROR).*%016x", scene.replica().newestTxid())));
            application.order("and once more");
            assertThat(engine.stop()).as(engine.log()).isEqualTo(1);
            assertThat(contents()).isEqualTo(before);
        }
    }

    /** A change set of another database under the name that the next one of ours would have. */
    private void plantAtTheNextTxid() throws SqlFailure, IOException {
        long next = scene.replica().newestTxid() + 1;
        Scene other = new Scene(Files.createDirectory(scene.file("other")));
        try (Application stranger = Application.start(other.database());
                ProgramEngine engine = other.startRunnel().awaitHistory()) {
            while (other.replica().newestTxid() < next) {
                long before = other.replica().newestTxid();
                stranger.order("of a stranger");
                engine.awaitTxid(before + 1);
            }
        }
        Path changeSets = Path.of("ltx", "0", nameOf(next));
        Files.copy(
                other.replicaFolder().resolve(changeSets), scene.replicaFolder().resolve(changeSets));
    }

    private static String nameOf(long txid) {
        return String.format("%1$016x-%1$016x.ltx", txid);
    }

    private Map<Path, Long> contents() throws IOException {
        Map<Path, Long> digests = new TreeMap<>();
        for (ReplicaOracle.Entry entry : scene.replica().entries()) {
            CRC32C crc = new CRC32C();
            crc.update(Files.readAllBytes(entry.file()));
            digests.put(entry.file(), crc.getValue());
        }
        return digests;
    }
}
