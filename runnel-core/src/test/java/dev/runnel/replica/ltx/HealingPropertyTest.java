package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Clock;
import dev.runnel.replica.Position;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.testkit.Rounds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random histories that lose files, have them cut short or overwritten with noise, under a writer that runs or starts anew.
 * The position is held against a search over the files that are intact, and a writer that does what the position says
 * brings the newest state back.
 */
@Tag("slow")
final class HealingPropertyTest {
    /** How many of the newest change sets the log still has. */
    private static final int LOG_KEEPS = 4;

    /** Lost, cut short, or overwritten with noise of any size. */
    private static final int KINDS_OF_DAMAGE = 3;

    /** And overwritten with noise of the size that the file had. */
    private static final int ALL_KINDS_OF_DAMAGE = 4;

    /** With these the noise has, by chance, the size of the file that a running writer has written. */
    private static final long SAME_SIZE_BY_CHANCE = 1916813766;

    /** So many rounds cannot all go without damage. */
    private static final int MANY = 50;

    @Test
    void i17i18PositionIsTheFirstHoleAndFollowingItHealsTheReplica() throws Exception {
        List<Boolean> healed = new ArrayList<>();
        Rounds.run("healing", 300, seed -> healed.add(new Round(new Random(seed), ALL_KINDS_OF_DAMAGE).run()));
        if (healed.size() >= MANY) {
            assertThat(Collections.frequency(healed, true))
                    .as("rounds in which something had to be healed")
                    .isGreaterThan(healed.size() / 4);
        }
    }

    @Test
    void i18NoiseOfTheSizeOfTheFileItTookThePlaceOfIsNoticedByARunningWriter() throws IOException {
        assertThat(new Round(new Random(SAME_SIZE_BY_CHANCE), KINDS_OF_DAMAGE).run())
                .isTrue();
    }

    private static final class Round {
        private final Random random;
        private final int kindsOfDamage;
        private final MemoryStore store = new MemoryStore(Clock.system());
        private final ModelDatabase database;
        private final Map<String, TxidRange> intact = new HashMap<>();
        private LtxReplica replica = Replicas.open(store);

        Round(Random random, int kindsOfDamage) {
            this.random = random;
            this.kindsOfDamage = kindsOfDamage;
            this.database = new ModelDatabase(random);
        }

        /** Whether there ever was something to heal. */
        boolean run() throws IOException {
            boolean healed = false;
            for (int day = 0; day < 4; day++) {
                for (int i = random.nextInt(6); i >= 0; i--) {
                    database.commit();
                    if (random.nextInt(3) > 0) {
                        bringUp();
                    }
                }
                damage(random.nextInt(4));
                if (random.nextBoolean()) {
                    replica = Replicas.open(store);
                }
                Position position = checkPosition();
                healed |= position.hasHole() || position.whole().value() < database.newest();
                bringUp();
                checkPosition();
                assertThat(Replicas.restore(store, replica.plan(new RestoreTarget.Latest())))
                        .isEqualTo(database.content(database.newest()));
            }
            return healed;
        }

        /** What the engine does: the log's files while it has them, else one file of differences, else a baseline. */
        private void bringUp() throws IOException {
            Position position = replica.position();
            while (position.whole().value() < database.newest()) {
                long next = position.whole().value() + 1;
                long newest = database.newest();
                if (position.differenceFrom().value() == 1) {
                    replica.baseline(database.image(newest));
                    written(9, 1, newest);
                } else if (next > newest - LOG_KEEPS) {
                    replica.append(database.changes(next));
                    written(0, next, next);
                } else {
                    long from = position.differenceFrom().value();
                    replica.append(database.changes(from, newest));
                    written(from == newest ? 0 : 1, from, newest);
                }
                position = checkPosition();
                assertThat(position.whole().value()).isGreaterThanOrEqualTo(next);
            }
        }

        private void written(int level, long min, long max) {
            intact.put(Replicas.key(level, min, max), ModelDatabase.range(min, max));
        }

        private void damage(int count) throws IOException {
            List<ObjectInfo> objects = new ArrayList<>(Replicas.objects(store));
            for (int i = 0; i < count && !objects.isEmpty(); i++) {
                ObjectInfo victim = objects.remove(random.nextInt(objects.size()));
                intact.remove(victim.key());
                switch (random.nextInt(kindsOfDamage)) {
                    case 0 -> store.delete(List.of(victim.key()));
                    case 1 -> Replicas.cut(store, victim.key(), random.nextInt(Math.max(1, (int) victim.size())));
                    case 2 -> plantNoise(victim.key(), random.nextInt(2000));
                    default -> plantNoise(victim.key(), (int) victim.size());
                }
            }
        }

        /** At another time than that of the file: that is what a listing shows of it. */
        private void plantNoise(String key, int size) throws IOException {
            byte[] noise = new byte[size];
            random.nextBytes(noise);
            Replicas.plant(store, key, noise);
        }

        private Position checkPosition() throws IOException {
            Position position = replica.position();
            long expected = furthest(intact.values());
            assertThat(position.whole().value())
                    .as("whole, of %s", intact.keySet())
                    .isEqualTo(expected);
            assertThat(position.differenceFrom().value()).isBetween(1L, expected + 1);
            if (expected > 0) {
                assertThat(position.proof()).contains(database.proof(expected));
            }
            // A damaged object counts if its content still confirms its name; a name alone does not.
            long highestIntact = intact.values().stream()
                    .mapToLong(range -> range.max().value())
                    .max()
                    .orElse(0);
            assertThat(position.highest().value()).isBetween(highestIntact, highestName());
            return position;
        }

        private long highestName() throws IOException {
            return Replicas.objects(store).stream()
                    .mapToLong(object -> Long.parseLong(object.key().substring(23, 39), 16))
                    .max()
                    .orElse(0);
        }

        /** From each state that can be reached, every file that fits leads to another. */
        private static long furthest(Collection<TxidRange> files) {
            TreeSet<Long> reached = new TreeSet<>(Set.of(0L));
            boolean more = true;
            while (more) {
                more = false;
                for (TxidRange file : files) {
                    for (long state : List.copyOf(reached)) {
                        boolean fits =
                                file.min().value() <= state + 1 && file.max().value() > state;
                        more |= fits && reached.add(file.max().value());
                    }
                }
            }
            return reached.last();
        }
    }
}
