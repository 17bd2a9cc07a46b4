package dev.runnel.cli.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runnel.cli.config.HeartbeatConfig;
import dev.runnel.engine.Activity;
import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.engine.Engine.ReplicaStatus;
import dev.runnel.engine.Health;
import dev.runnel.ltx.Txid;
import dev.runnel.testkit.SimulatedClock;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** When a ping is sent, and what the log says of it, second by second. */
class HeartbeatTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Path A = Path.of("/data/a.db");
    private static final Path B = Path.of("/data/b.db");
    private static final Health WELL = new Health.Healthy();
    private static final Health DEGRADED = new Health.Degraded("the disk is full", "Make room.");

    private final Logger logger = (Logger) LoggerFactory.getLogger(Heartbeat.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2030-01-31T12:00:00Z"));
    private final List<CompletableFuture<Optional<String>>> pings = new ArrayList<>();
    private Optional<Instant> oldestPending = Optional.empty();
    private boolean answersAtOnce = true;
    private final Set<Path> unfollowed = new HashSet<>();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void aPingIsSentAtOnceAndThenAtTheInterval() {
        Heartbeat heartbeat = heartbeat(Optional.empty());
        seconds(heartbeat, 1, database(A, WELL, WELL));
        assertThat(pings).hasSize(1);
        seconds(heartbeat, 59, database(A, WELL, WELL));
        assertThat(pings).hasSize(1);
        seconds(heartbeat, 1, database(A, WELL, WELL));
        assertThat(pings).hasSize(2);
        assertThat(log.list).isEmpty();
    }

    @Test
    void aDegradedReplicaOfAnyDatabaseStopsThePingsAndTheLogSaysSoOnce() {
        Heartbeat heartbeat = heartbeat(Optional.empty());
        seconds(heartbeat, 1, database(A, WELL, WELL), database(B, WELL, WELL));
        seconds(heartbeat, 600, database(A, WELL, WELL), database(B, WELL, WELL, DEGRADED));
        assertThat(pings).hasSize(1);
        assertThat(messages())
                .containsExactly(
                        "WARN no heartbeat is sent: /data/b.db at replica 1: the disk is full. Heartbeats resume"
                                + " when that is over.");
        seconds(heartbeat, 1, database(A, WELL, WELL), database(B, WELL, WELL, WELL));
        assertThat(pings).hasSize(2);
        assertThat(messages()).endsWith("INFO heartbeats resume").hasSize(2);
    }

    @Test
    void aStoppedDatabaseStopsThePings() {
        Heartbeat heartbeat = heartbeat(Optional.empty());
        seconds(heartbeat, 61, database(A, new Health.Stopped("not a database", "Check it."), WELL));
        assertThat(pings).isEmpty();
        assertThat(messages()).singleElement().asString().contains("/data/a.db: not a database");
    }

    @Test
    void aReplicaThatWasNeverReachedGetsNoPing() {
        Heartbeat heartbeat = heartbeat(Optional.empty());
        seconds(heartbeat, 61, database(A, WELL, new Health.Waiting("starting", "No action needed.")));
        assertThat(pings).isEmpty();
        assertThat(messages()).singleElement().asString().contains("/data/a.db at replica 0: starting");
    }

    @Test
    void workThatTakesLongIsAllowedForOneInterval() {
        Heartbeat heartbeat = heartbeat(Optional.empty());
        Health scanning = new Health.Working("comparing pages", "No action needed.");
        seconds(heartbeat, 30, database(A, WELL, WELL));
        seconds(heartbeat, 60, database(A, scanning, WELL));
        assertThat(pings).hasSize(2);
        seconds(heartbeat, 60, database(A, scanning, WELL));
        assertThat(pings).hasSize(2);
        assertThat(messages()).singleElement().asString().contains("comparing pages");
    }

    @Test
    void changesThatAreNotAtTheReplicaMustBeYoungerThanTheInterval() {
        Heartbeat heartbeat = heartbeat(Optional.empty());
        DatabaseStatus behind = new DatabaseStatus(
                A, WELL, new Txid(9), List.of(new ReplicaStatus("/backup", WELL, new Txid(8))), Activity.NONE);
        oldestPending = Optional.of(clock.now());
        seconds(heartbeat, 60, behind);
        assertThat(pings).hasSize(1);
        seconds(heartbeat, 60, behind);
        assertThat(pings).hasSize(1);
        assertThat(messages())
                .singleElement()
                .asString()
                .contains("/data/a.db at /backup: the newest changes have not been there for 61 s");
    }

    @Test
    void whereChangesComeAllTheTimeTheAgeOfWhatIsMissingCounts() {
        Heartbeat heartbeat = heartbeat(Optional.empty());
        DatabaseStatus behind = new DatabaseStatus(
                A, WELL, new Txid(9), List.of(new ReplicaStatus("/backup", WELL, new Txid(8))), Activity.NONE);
        for (int i = 0; i < 600; i++) {
            oldestPending = Optional.of(clock.now());
            seconds(heartbeat, 1, behind);
        }
        assertThat(pings).hasSize(10);
        seconds(heartbeat, 180, behind);
        assertThat(pings).hasSize(11);
        assertThat(messages()).singleElement().asString().startsWith("WARN no heartbeat is sent");
    }

    @Test
    void aLagOfUnknownAgeIsNoSync() {
        Heartbeat heartbeat = heartbeat(Optional.empty());
        DatabaseStatus behind = new DatabaseStatus(
                A, WELL, new Txid(9), List.of(new ReplicaStatus("/backup", WELL, new Txid(8))), Activity.NONE);
        seconds(heartbeat, 120, behind);
        assertThat(pings).isEmpty();
    }

    @Test
    void theHeartbeatOfADatabaseIsForThatOneOnly() {
        Heartbeat ofA = heartbeat(Optional.of(A));
        Heartbeat ofB = heartbeat(Optional.of(B));
        seconds(ofA, 61, database(A, WELL, WELL), database(B, DEGRADED, WELL));
        assertThat(pings).hasSize(2);
        assertThat(log.list).isEmpty();
        seconds(ofB, 61, database(A, WELL, WELL), database(B, DEGRADED, WELL));
        assertThat(pings).hasSize(2);
        assertThat(messages()).hasSize(1);
    }

    /** Between two questions to the engine. */
    @Test
    void aDatabaseThatIsUnregisteredMeanwhileIsNoFault() {
        unfollowed.add(A);
        DatabaseStatus behind = new DatabaseStatus(
                A, WELL, new Txid(9), List.of(new ReplicaStatus("/backup", WELL, new Txid(8))), Activity.NONE);
        Heartbeat heartbeat = heartbeat(Optional.empty());
        seconds(heartbeat, 1, behind);
        assertThat(pings).isEmpty();
        seconds(heartbeat, 1, database(B, WELL, WELL));
        assertThat(pings).hasSize(1);
    }

    @Test
    void aDatabaseThatIsNotFollowedGetsNoPing() {
        seconds(heartbeat(Optional.of(B)), 61, database(A, WELL, WELL));
        assertThat(pings).isEmpty();
        assertThat(messages()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"the response has the status 500", "no response within 30000 ms"})
    void aFailureIsSaidOnceAndSoIsItsEnd(String failure) {
        answersAtOnce = false;
        Heartbeat heartbeat = heartbeat(Optional.empty());
        for (int i = 0; i < 5; i++) {
            seconds(heartbeat, i == 0 ? 1 : 60, database(A, WELL, WELL));
            pings.getLast().complete(Optional.of(failure));
        }
        seconds(heartbeat, 60, database(A, WELL, WELL));
        assertThat(messages()).singleElement().asString().startsWith("WARN heartbeat ping failed: " + failure);
        assertThat(log.list.getFirst().getKeyValuePairs().toString())
                .contains("https://ping.example.com:8443")
                .doesNotContain("token", "secret");
        pings.getLast().complete(Optional.empty());
        seconds(heartbeat, 60, database(A, WELL, WELL));
        assertThat(messages()).endsWith("INFO heartbeats are delivered again").hasSize(2);
        assertThat(log.list.getLast().getKeyValuePairs().toString()).contains("failures=\"5\"");
    }

    @Test
    void anotherFailureIsSaid() {
        answersAtOnce = false;
        Heartbeat heartbeat = heartbeat(Optional.empty());
        seconds(heartbeat, 1, database(A, WELL, WELL));
        pings.getLast().complete(Optional.of("one"));
        seconds(heartbeat, 60, database(A, WELL, WELL));
        pings.getLast().complete(Optional.of("two"));
        seconds(heartbeat, 1, database(A, WELL, WELL));
        assertThat(messages()).hasSize(2);
    }

    @Test
    void aPingThatHangsIsNotFollowedByAnother() {
        answersAtOnce = false;
        Heartbeat heartbeat = heartbeat(Optional.empty());
        seconds(heartbeat, 300, database(A, WELL, WELL));
        assertThat(pings).hasSize(1);
    }

    private void seconds(Heartbeat heartbeat, int seconds, DatabaseStatus... status) {
        for (int i = 0; i < seconds; i++) {
            clock.advance(Duration.ofSeconds(1));
            heartbeat.step(List.of(status));
        }
    }

    private Heartbeat heartbeat(Optional<Path> counted) {
        URI url = URI.create("https://user:secret@ping.example.com:8443/token?secret=1");
        return new Heartbeat(
                new HeartbeatConfig(counted, url, INTERVAL),
                (database, _) -> {
                    if (unfollowed.contains(database.path())) {
                        return Optional.empty();
                    }
                    return oldestPending.map(time -> Duration.between(time, clock.now()));
                },
                _ -> {
                    pings.add(new CompletableFuture<>());
                    if (answersAtOnce) {
                        pings.getLast().complete(Optional.empty());
                    }
                    return pings.getLast();
                },
                clock);
    }

    private static DatabaseStatus database(Path path, Health health, Health... replicas) {
        List<ReplicaStatus> all = new ArrayList<>();
        for (Health replica : replicas) {
            all.add(new ReplicaStatus("replica " + all.size(), replica, new Txid(7)));
        }
        return new DatabaseStatus(path, health, new Txid(7), all, Activity.NONE);
    }

    private List<String> messages() {
        return log.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }
}
