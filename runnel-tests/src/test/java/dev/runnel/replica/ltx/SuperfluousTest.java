package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What may go, of small histories that are written down file by file. Times are minutes; what is at or before 100 is old. */
final class SuperfluousTest {
    private static final long CUTOFF = 100;

    private final List<LtxObject> files = new ArrayList<>();

    @Test
    void whatEndsBeforeTheNewestOldBaselineGoes() {
        file(9, 1, 10, 50);
        LtxObject floor = file(9, 1, 20, 90);
        file(9, 1, 40, 120);
        file(1, 11, 15, 70);
        file(1, 16, 20, 90);
        file(1, 21, 30, 95);
        file(1, 31, 40, 120);
        file(0, 40, 40, 120);
        assertThat(going()).containsExactlyInAnyOrder("9:1-10", "1:11-15");
        assertThat(superfluous().reliesOn()).containsExactly(floor);
    }

    @Test
    void withoutAnOldBaselineNothingBeforeAnyGoes() {
        file(9, 1, 10, 101);
        file(9, 1, 20, 120);
        file(0, 20, 20, 120);
        assertThat(going()).isEmpty();
    }

    @Test
    void aBaselineOfATimeThatStoodStillIsNotOldBeforeTheNextTimeIs() {
        file(9, 1, 10, 50);
        file(9, 1, 20, 90);
        file(0, 21, 21, 90);
        file(0, 22, 22, 101);
        assertThat(going()).isEmpty();
    }

    @Test
    void changeSetsGoWithAllOthersOfTheirMergedFileOrNotAtAll() {
        file(9, 1, 1, 90);
        file(1, 2, 3, 91);
        file(1, 4, 5, 101);
        file(0, 2, 2, 90);
        file(0, 3, 3, 91);
        file(0, 4, 4, 92);
        file(0, 5, 5, 101);
        file(0, 6, 6, 102);
        assertThat(going()).containsExactlyInAnyOrder("0:2-2", "0:3-3");
    }

    @Test
    void theNewestChangeSetStays() {
        file(9, 1, 1, 90);
        file(1, 2, 3, 91);
        file(0, 2, 2, 90);
        file(0, 3, 3, 91);
        assertThat(going()).containsExactly("0:2-2");
    }

    @Test
    void changeSetsBehindAHoleStay() {
        file(9, 1, 1, 90);
        file(1, 2, 3, 91);
        file(1, 6, 7, 92);
        file(0, 6, 6, 91);
        file(0, 7, 7, 92);
        file(0, 8, 8, 93);
        assertThat(going()).isEmpty();
    }

    @Test
    void aMergedFileThatNothingLeadsToGoesIfAnotherHoldsIt() {
        file(9, 1, 1, 90);
        file(1, 2, 3, 91);
        LtxObject bridge = file(1, 4, 9, 99);
        file(1, 6, 7, 92);
        file(0, 10, 10, 99);
        assertThat(going()).containsExactly("1:6-7");
        assertThat(superfluous().reliesOn()).containsExactly(bridge);
    }

    @Test
    void aMergedFileThatIsAPointOfItsOwnStays() {
        file(9, 1, 1, 90);
        file(1, 2, 3, 91);
        file(1, 2, 9, 99);
        file(0, 10, 10, 99);
        assertThat(going()).isEmpty();
    }

    @Test
    void aDamagedFileHoldsNothingButMayGo() {
        file(9, 1, 1, 90);
        LtxObject damaged = file(1, 2, 3, 91);
        file(0, 2, 2, 90);
        file(0, 3, 3, 91);
        file(0, 4, 4, 92);
        List<LtxObject> usable = new ArrayList<>(files);
        usable.remove(damaged);
        assertThat(Superfluous.of(files, usable, ages()).files()).isEmpty();
    }

    private LtxObject file(int level, long min, long max, long minute) {
        LtxObject file = new LtxObject(
                level,
                ModelDatabase.range(min, max),
                1000,
                Instant.ofEpochSecond(60 * minute),
                Replicas.key(level, min, max));
        files.add(file);
        return file;
    }

    private Superfluous superfluous() {
        return Superfluous.of(files, files, ages());
    }

    private static Superfluous.Ages ages() {
        Instant cutoff = Instant.ofEpochSecond(60 * CUTOFF);
        return new Superfluous.Ages(cutoff, _ -> false, file -> !file.time().isAfter(cutoff));
    }

    private Set<String> going() {
        Set<String> going = new TreeSet<>();
        for (LtxObject file : superfluous().files()) {
            going.add(file.level() + ":" + file.min().value() + "-" + file.max().value());
        }
        return going;
    }
}
