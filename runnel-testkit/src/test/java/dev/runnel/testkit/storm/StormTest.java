package dev.runnel.testkit.storm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.fault.WalSightings;
import dev.runnel.testkit.fault.WalWatch;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.ShellSession;
import dev.runnel.testkit.sql.SqlFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StormTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void withoutAnybodyElseTheStormLeavesACommittedStateAndNoWal() throws SqlFailure {
        ShellSession.assumeProgram();
        Path database = StormDatabase.create(folder.resolve("app.db"), 4096);
        WalSightings seen;
        StormTally tally;
        try (Storm storm = new Storm(Seeds.of("storm"))
                        .with(Habits.all(), () -> ChildSession.open(database))
                        .with(Habits.all().autocheckpoint(10), () -> ShellSession.open(database))
                        .with(Habits.all().autocheckpoint(0), () -> JdbcSession.open(database))
                        .start();
                WalWatch watch = WalWatch.start(database, 1)) {
            storm.awaitMoreCommits(100, LIMIT);
            storm.disconnectAll();
            assertThat(Files.exists(folder.resolve("app.db-wal"))).isFalse();
            storm.resume();
            storm.awaitMoreCommits(100, LIMIT);
            storm.kill(0);
            storm.kill(1);
            Await.until("both are replaced", LIMIT, () -> storm.tally().lostSessions() >= 2);
            Await.until(
                    "the WAL has been restarted", LIMIT, () -> watch.sightings().restarts() > 2);
            Await.until(
                    "frames were beyond the end", LIMIT, () -> watch.sightings().beyondEnd() > 0);
            tally = storm.stop();
            seen = watch.sightings();
        }
        System.out.println(tally + "; " + seen);

        assertThat(DatabaseOracle.assertCommitted(database)).isGreaterThan(200);
        assertThat(Files.exists(folder.resolve("app.db-wal"))).isFalse();
    }
}
