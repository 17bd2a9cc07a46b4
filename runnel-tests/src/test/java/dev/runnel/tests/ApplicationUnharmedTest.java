package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.fault.WalSightings;
import dev.runnel.testkit.fault.WalWatch;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.ShellSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import dev.runnel.testkit.storm.Habits;
import dev.runnel.testkit.storm.Storm;
import dev.runnel.testkit.storm.StormDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside Runnel an application goes on as it would alone. */
@Tag("slow")
class ApplicationUnharmedTest {
    private static final int CHECKPOINTS = 9;

    /** The disk of a busy machine may stand still for seconds; promptness is in the median. */
    private static final int PATIENCE_MILLIS = 60_000;

    private static final long QUIET_LIMIT_MILLIS = 100;
    private static final long LOAD_LIMIT_MILLIS = 200;

    /** The flood makes a WAL of ten times the limit; how far past the limit it gets depends on the disk. */
    private static final int FEWEST_RESTARTS = 3;

    private static final int FLOOD_ROWS = 500;
    private static final int FLOOD_BYTES = 30_000;
    private static final int FLOOD_ROUNDS = 40;

    @TempDir
    Path folder;

    private Scene scene = new Scene(Path.of(""));

    @BeforeEach
    void setScene() {
        scene = new Scene(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "restart", "truncate"})
    void itsOwnCheckpointsSucceedPromptlyWhenAllIsQuiet(String mode) throws SqlFailure {
        try (Application application = Application.start(scene.database());
                EngineUnderTest engine = scene.startRunnel().awaitHistory()) {
            application.run("pragma busy_timeout=" + PATIENCE_MILLIS);
            assertThat(medianWait(application, mode)).isLessThanOrEqualTo(QUIET_LIMIT_MILLIS);
            scene.nextCommitIsRestorable(application, engine);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "restart", "truncate"})
    void itsOwnCheckpointsSucceedPromptlyUnderLoad(String mode) throws SqlFailure {
        Path database = StormDatabase.create(scene.database(), 4096);
        Habits habits = Habits.commitsOnly().autocheckpoint(0).longestPauseMillis(2);
        try (Storm load = new Storm(1).with(habits, () -> ChildSession.open(database));
                EngineUnderTest engine = scene.startRunnel().awaitHistory();
                Application application = Application.start(database)) {
            load.start().awaitMoreCommits(20, Duration.ofSeconds(30));
            application.run("pragma busy_timeout=" + PATIENCE_MILLIS);
            assertThat(medianWait(application, mode)).isLessThanOrEqualTo(LOAD_LIMIT_MILLIS);
            load.stop();
            scene.nextCommitIsRestorable(application, engine);
        }
    }

    @Test
    void theWalIsStartedAnewUnderAWriterThatNeverPauses() throws SqlFailure {
        ShellSession.assumeProgram();
        try (Application application = Application.start(scene.database());
                EngineUnderTest engine = scene.startRunnel().awaitHistory();
                SqlSession writer = ShellSession.open(scene.database());
                WalWatch watch = WalWatch.start(scene.database(), engine.pid())) {
            writer.run(
                    "pragma synchronous=normal; pragma busy_timeout=5000; create table flood(id integer primary key, b)");
            writer.run("with recursive n(i) as (select 1 union all select i + 1 from n where i < " + FLOOD_ROWS + ")"
                    + " insert into flood select i, randomblob(" + FLOOD_BYTES + ") from n");
            for (int i = 0; i < FLOOD_ROUNDS; i++) {
                writer.run(commitEach(i));
            }
            WalSightings seen = watch.sightings();
            System.out.println(seen);
            assertThat(seen.restarts()).isGreaterThanOrEqualTo(FEWEST_RESTARTS);
            scene.nextCommitIsRestorable(application, engine);
        }
    }

    /** Statements that follow one another without a pause, each a commit. */
    private static String commitEach(int round) {
        return IntStream.rangeClosed(1, FLOOD_ROWS)
                .mapToObj(id -> "update flood set b = randomblob(" + (FLOOD_BYTES + round) + ") where id = " + id + ";")
                .collect(Collectors.joining("\n"));
    }

    @Test
    void i33AfterItsLastCloseWalAndIndexAreGone() throws SqlFailure {
        try (EngineUnderTest engine = scene.startRunnel()) {
            List<String> orders;
            try (Application application = Application.start(scene.database())) {
                scene.nextCommitIsRestorable(application, engine);
                orders = application.order("the last").orders();
            }
            scene.awaitLetGo();
            scene.isRestorable(orders, engine);
            try (Application application = Application.start(scene.database())) {
                scene.nextCommitIsRestorable(application, engine);
            }
        }
    }

    @Test
    void i35AQuietDatabaseIsNeverWrittenTo() throws SqlFailure {
        try (Application application = Application.start(scene.database()).order("one")) {
            List<String> before = footprint(application);
            try (EngineUnderTest engine = scene.startRunnel()) {
                scene.isRestorable(application.orders(), engine);
                assertThat(footprint(application)).isEqualTo(before);
                assertThat(engine.stop()).as(engine.log()).isZero();
            }
            assertThat(footprint(application)).isEqualTo(before);
        }
    }

    private static List<String> footprint(Application application) throws SqlFailure {
        List<String> found = new ArrayList<>(application.session().rows("pragma data_version"));
        found.addAll(application.session().rows("select name, sql from sqlite_schema order by name"));
        found.addAll(application.session().rows("pragma page_count"));
        return found;
    }

    /** Lets the application do its checkpoints at moments of its own; none may be refused. Gives the median wait. */
    private static long medianWait(Application application, String mode) throws SqlFailure {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < CHECKPOINTS; i++) {
            application.order("before checkpoint " + i);
            long start = System.nanoTime();
            String busyFramesCopied = application
                    .session()
                    .rows("pragma wal_checkpoint(" + mode + ")")
                    .getFirst();
            waits.add((System.nanoTime() - start) / 1_000_000);
            assertThat(busyFramesCopied).as(mode + " checkpoint " + i).startsWith("0");
            LockSupport.parkNanos(i * 50_000_000L);
        }
        Collections.sort(waits);
        System.out.println(mode + ": waited " + waits + " ms");
        return waits.get(CHECKPOINTS / 2);
    }
}
