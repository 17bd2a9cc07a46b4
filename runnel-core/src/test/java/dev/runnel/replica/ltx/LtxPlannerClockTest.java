package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.inventory.HistoryObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TXIDs define the order of states, and a clock that was wrong never gives the state of another time (I-47). */
class LtxPlannerClockTest {
    private static final long SEED = Long.getLong("runnel.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("runnel.rounds", 30);

    /** The clock is an hour ahead while TXIDs 3 and 4 are written. */
    private static final String AHEAD = "9/1-1@10 0/2-2@20 0/3-3@3630 0/4-4@3640 0/5-5@50 0/6-6@60";

    /** The clock is an hour behind while TXIDs 3 and 4 are written. */
    private static final String BEHIND = "9/1-1@10010 0/2-2@10020 0/3-3@6430 0/4-4@6440 0/5-5@10050 0/6-6@10060";

    /** The clock was an hour ahead up to TXID 3, and was then set right. */
    private static final String SET_BACK = "9/1-1@10 0/2-2@3620 0/3-3@3630 0/4-4@40 0/5-5@50 0/6-6@60 0/7-7@3660";

    @ParameterizedTest
    @CsvSource({"AHEAD, 10, 1", "AHEAD, 19, 1", "AHEAD, 20, 2", "AHEAD, 50, 5", "AHEAD, 59, 5", "AHEAD, 3000, 6"})
    void i47TimesBesideAGlitchAheadAreAnswered(String history, String time, long txid) throws Exception {
        assertThat(reached(history, time)).isEqualTo(txid);
    }

    @ParameterizedTest
    @CsvSource({"BEHIND, 10010, 1", "BEHIND, 10019, 1", "BEHIND, 10020, 2", "BEHIND, 10050, 5", "BEHIND, 20000, 6"})
    void i47TimesBesideAGlitchBehindAreAnswered(String history, String time, long txid) throws Exception {
        assertThat(reached(history, time)).isEqualTo(txid);
    }

    @ParameterizedTest
    @CsvSource({"SET_BACK, 40, 4", "SET_BACK, 55, 5", "SET_BACK, 60, 6", "SET_BACK, 3660, 7", "SET_BACK, 9000, 7"})
    void i47AfterAClockWasSetRightItsTimesCount(String history, String time, long txid) throws Exception {
        assertThat(reached(history, time)).isEqualTo(txid);
    }

    @ParameterizedTest
    @CsvSource({
        "AHEAD, 21",
        "AHEAD, 49.9",
        "AHEAD, 3630",
        "AHEAD, 3635",
        "AHEAD, 3640",
        "AHEAD, 99999",
        "BEHIND, 10021",
        "BEHIND, 10049.9",
        "BEHIND, 6430",
        "BEHIND, 6435",
        "BEHIND, 6440",
        "SET_BACK, 11",
        "SET_BACK, 39",
        "SET_BACK, 3620",
        "SET_BACK, 3625",
        "SET_BACK, 3659"
    })
    void i47ATimeThatTheClockShowedTwiceOrPassedOverIsRefused(String history, String time) {
        assertThatThrownBy(() -> reached(history, time))
                .isInstanceOf(ReplicaException.NotReachable.class)
                .hasMessageContaining("because the clock was set")
                .hasMessageContaining("nearest restorable: ");
    }

    @Test
    void i47ARefusalNamesTheStatesBeforeAndAfterTheGlitch() {
        assertThatThrownBy(() -> reached("AHEAD", "30"))
                .hasMessage("r: the state of 2026-11-21T09:00:30Z is unknown: TXIDs 0000000000000003 to"
                        + " 0000000000000004 have times that cannot be right, because the clock was set: TXID"
                        + " 0000000000000004 has 2026-11-21T10:00:40Z, the later TXID 0000000000000005 has"
                        + " 2026-11-21T09:00:50Z; nearest restorable: before it TXID 0000000000000002 of"
                        + " 2026-11-21T09:00:20Z, after it TXID 0000000000000005 of 2026-11-21T09:00:50Z");
    }

    @Test
    void i47ABaselineThatWasMadeDuringAGlitchStillServesLaterTimes() throws Exception {
        String files = "9/1-4@3640 0/5-5@50 0/6-6@60";

        LtxPlanner planner = new LtxPlanner("r", Listing.of(files));

        assertThat(Listing.text(planner.plan(new RestoreTarget.AtTime(Listing.at("55")))))
                .isEqualTo("9/1-4 0/5-5");
    }

    /**
     * Histories with glitches of hours and years in both directions, each shorter than what surrounds it. An answer to any
     * time is the state that the database really had then, and away from the glitches there is an answer.
     */
    @Test
    void i47NoClockGivesTheStateOfAnotherTime() {
        System.out.println("runnel.seed=" + SEED);
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            new Truth(random).check();
        }
    }

    private static long reached(String history, String time) throws ReplicaException {
        String files = switch (history) {
            case "AHEAD" -> AHEAD;
            case "BEHIND" -> BEHIND;
            default -> SET_BACK;
        };
        return new LtxPlanner("r", Listing.of(files))
                .plan(new RestoreTarget.AtTime(Listing.at(time)))
                .reached()
                .value();
    }

    /** A history, and when each of its states was really made. */
    private static final class Truth {
        private static final int LONGEST_GLITCH = 4;

        private final Random random;
        private final List<Instant> reality = new ArrayList<>();
        private final List<Boolean> isGlitch = new ArrayList<>();
        private final List<HistoryObject> files = new ArrayList<>();

        Truth(Random random) {
            this.random = random;
            Instant now = Listing.ORIGIN;
            for (int glitches = 1 + random.nextInt(3); glitches > 0; glitches--) {
                now = write(now, 30 + random.nextInt(30), Duration.ZERO);
                now = write(now, 1 + random.nextInt(LONGEST_GLITCH), error());
            }
            write(now, 30, Duration.ZERO);
            mergeSome();
        }

        private Duration error() {
            Duration size = random.nextBoolean()
                    ? Duration.ofMinutes(20L + random.nextInt(300))
                    : Duration.ofDays(365L * (1 + random.nextInt(20)));
            return random.nextBoolean() ? size : size.negated();
        }

        private Instant write(Instant from, int count, Duration error) {
            Instant now = from;
            for (int i = 0; i < count; i++) {
                now = now.plusSeconds(1 + random.nextInt(10));
                reality.add(now);
                isGlitch.add(!error.isZero());
                TxidRange range = TxidRange.of(new Txid(reality.size()));
                int level = reality.size() == 1 || random.nextInt(20) == 0 ? LtxKeys.BASELINES : 0;
                TxidRange all = new TxidRange(new Txid(1), range.max());
                if (level == LtxKeys.BASELINES) {
                    add(level, all, now.plus(error));
                }
                add(0, range, now.plus(error));
            }
            return now;
        }

        /** Merged files stand beside or in place of what they hold, and never span a step of the clock. */
        private void mergeSome() {
            for (int from = 2; from < reality.size(); from += 1 + random.nextInt(20)) {
                int to = from;
                while (to < reality.size() && to - from < 5 && !isGlitch.get(to - 1) && !isGlitch.get(to)) {
                    to++;
                }
                add(1, new TxidRange(new Txid(from), new Txid(to)), time(to));
            }
        }

        private Instant time(int txid) {
            return files.stream()
                    .filter(file -> file.level() == 0 && file.max().value() == txid)
                    .findFirst()
                    .orElseThrow()
                    .time();
        }

        private void add(int level, TxidRange range, Instant time) {
            files.add(
                    new HistoryObject(level, range, 1000, time, LtxKeys.folder().key(level, range)));
        }

        void check() {
            LtxPlanner planner = new LtxPlanner("r", files);
            for (int txid = 1; txid <= reality.size(); txid++) {
                Instant time = reality.get(txid - 1).plusMillis(random.nextInt(2) * 500L);
                Optional<Long> reached = plan(planner, time);
                if (reached.isPresent() || isFarFromGlitches(txid)) {
                    assertThat(reached)
                            .as("TXID %d at %s of %s", txid, time, files)
                            .contains((long) txid);
                }
            }
            assertThat(plan(planner, reality.getLast().plusSeconds(1)).orElse((long) reality.size()))
                    .isEqualTo(reality.size());
        }

        private boolean isFarFromGlitches(int txid) {
            Instant time = reality.get(txid - 1);
            for (int other = 0; other < reality.size(); other++) {
                Instant shown = files.stream()
                        .filter(onlyEnd(other + 1))
                        .findFirst()
                        .orElseThrow()
                        .time();
                boolean isNear = Math.abs(other + 1 - txid) <= 1
                        || Duration.between(shown, time).abs().toSeconds() < 60
                        || (other + 1 == reality.size() && shown.isBefore(time));
                if (isGlitch.get(other) && isNear) {
                    return false;
                }
            }
            return true;
        }

        private static Predicate<HistoryObject> onlyEnd(int txid) {
            return file -> file.level() == 0 && file.max().value() == txid;
        }

        private static Optional<Long> plan(LtxPlanner planner, Instant time) {
            try {
                return Optional.of(
                        planner.plan(new RestoreTarget.AtTime(time)).reached().value());
            } catch (ReplicaException e) {
                return Optional.empty();
            }
        }
    }
}
