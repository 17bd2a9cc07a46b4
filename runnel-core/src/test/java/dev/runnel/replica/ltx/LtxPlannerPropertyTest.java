package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.inventory.HistoryObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Compares the planner with a search through every sequence of files, on random listings. */
class LtxPlannerPropertyTest {
    private static final long SEED = Long.getLong("runnel.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("runnel.rounds", 3000);
    private static final int NEWEST = 12;

    @Test
    void plansReachWhatCanBeReachedWithTheFewestFilesAndNothingElse() {
        System.out.println("runnel.seed=" + SEED);
        Random random = new Random(SEED);
        int planned = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<HistoryObject> files = listing(random);
            for (long txid = 1; txid <= NEWEST + 1; txid++) {
                planned += check(files, new Txid(txid)) ? 1 : 0;
            }
            for (int second = 0; second <= NEWEST + 2; second++) {
                check(files, Listing.ORIGIN.plusSeconds(second).plusMillis(random.nextInt(2) * 500L));
            }
            checkLatest(files);
        }
        assertThat(planned).as("the listings were not all broken").isGreaterThan(ROUNDS);
    }

    private static boolean check(List<HistoryObject> files, Txid txid) {
        Optional<RestorePlan> plan = plan(files, new RestoreTarget.AtTxid(txid));
        Optional<Integer> fewest = Optional.ofNullable(distances(files).get(txid.value()));

        assertThat(plan.map(p -> p.files().size())).as("%s to %s", files, txid).isEqualTo(fewest);
        plan.ifPresent(p -> assertValid(p, txid));
        return plan.isPresent();
    }

    private static void check(List<HistoryObject> files, Instant time) {
        if (!isInOrder(files)) {
            plan(files, new RestoreTarget.AtTime(time)).ifPresent(p -> {
                assertValid(p, p.reached());
                assertThat(p.time()).as("%s at %s", files, time).isBeforeOrEqualTo(time);
            });
            return;
        }
        List<HistoryObject> then =
                files.stream().filter(file -> !file.time().isAfter(time)).toList();
        long newest = highest(then);
        boolean reachable = distances(then).containsKey(newest);
        long next = files.stream()
                .mapToLong(file -> file.max().value())
                .filter(max -> max > newest)
                .min()
                .orElse(newest + 1);
        boolean unbroken = next == newest + 1
                || files.stream()
                        .anyMatch(file -> file.level() < 9
                                && file.min().value() <= newest + 1
                                && file.max().value() >= next);

        Optional<RestorePlan> plan = plan(files, new RestoreTarget.AtTime(time));

        assertThat(plan.map(p -> p.reached().value()))
                .as("%s at %s", files, time)
                .isEqualTo(reachable && unbroken ? Optional.of(newest) : Optional.empty());
        plan.ifPresent(p -> {
            assertValid(p, new Txid(newest));
            assertThat(p.time()).isBeforeOrEqualTo(time);
            assertThat(p.files()).allMatch(file -> !file.time().isAfter(time));
        });
    }

    /** Whether no file that ends at a later TXID is older; what happens else is shown in {@link LtxPlannerClockTest}. */
    private static boolean isInOrder(List<HistoryObject> files) {
        TreeMap<Txid, Instant> ends = new TreeMap<>();
        files.forEach(file -> ends.merge(file.max(), file.time(), (a, b) -> a.isBefore(b) ? a : b));
        List<Instant> times = List.copyOf(ends.values());
        return times.equals(times.stream().sorted().toList());
    }

    private static void checkLatest(List<HistoryObject> files) {
        Optional<RestorePlan> plan = plan(files, new RestoreTarget.Latest());
        long newest = highest(files);

        assertThat(plan.map(p -> p.reached().value()))
                .as("%s", files)
                .isEqualTo(distances(files).containsKey(newest) ? Optional.of(newest) : Optional.empty());
        plan.ifPresent(p -> assertValid(p, new Txid(newest)));
    }

    private static void assertValid(RestorePlan plan, Txid target) {
        long at = 0;
        for (RestorePlan.PlannedFile file : plan.files()) {
            assertThat(file.range().min().value()).isLessThanOrEqualTo(at + 1);
            assertThat(file.range().max().value()).isGreaterThan(at);
            at = file.range().max().value();
        }
        assertThat(at).isEqualTo(target.value());
        assertThat(plan.reached()).isEqualTo(target);
    }

    /** How many files it takes to reach each TXID, breadth first, one step for every file that may be applied. */
    private static Map<Long, Integer> distances(Collection<HistoryObject> files) {
        Map<Long, Integer> steps = new HashMap<>();
        Deque<Long> open = new ArrayDeque<>();
        steps.put(0L, 0);
        open.add(0L);
        while (!open.isEmpty()) {
            long at = open.remove();
            for (HistoryObject file : files) {
                long to = file.max().value();
                if (file.min().value() <= at + 1 && to > at && !steps.containsKey(to)) {
                    steps.put(to, steps.getOrDefault(at, 0) + 1);
                    open.add(to);
                }
            }
        }
        steps.remove(0L);
        return steps;
    }

    private static Optional<RestorePlan> plan(List<HistoryObject> files, RestoreTarget target) {
        try {
            return Optional.of(new LtxPlanner("r", files).plan(target));
        } catch (ReplicaException.NotReachable | ReplicaException.NothingToRestore e) {
            return Optional.empty();
        } catch (ReplicaException e) {
            throw new AssertionError(e);
        }
    }

    private static long highest(Collection<HistoryObject> files) {
        return files.stream().mapToLong(file -> file.max().value()).max().orElse(0);
    }

    private static List<HistoryObject> listing(Random random) {
        List<HistoryObject> files = new ArrayList<>();
        int count = random.nextInt(14);
        for (int i = 0; i < count; i++) {
            int level = new int[] {0, 0, 0, 1, 2, 9}[random.nextInt(6)];
            long max = 1L + random.nextInt(NEWEST);
            long min = switch (level) {
                case 0 -> max;
                case 9 -> 1;
                default -> Math.max(1, max - random.nextInt(4));
            };
            TxidRange range = new TxidRange(new Txid(min), new Txid(max));
            Instant time = Listing.ORIGIN.plusSeconds(max + (random.nextInt(4) == 0 ? random.nextInt(3) : 0));
            files.add(new HistoryObject(
                    level,
                    range,
                    200 + random.nextInt(100),
                    time,
                    LtxKeys.folder().key(level, range)));
        }
        return files;
    }
}
