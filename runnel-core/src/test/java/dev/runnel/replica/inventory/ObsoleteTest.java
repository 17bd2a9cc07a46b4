package dev.runnel.replica.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What may go, of small histories that are written down file by file. Times are minutes; what is at or before 100 is old. */
final class ObsoleteTest {
    private static final long CUTOFF = 100;

    private final List<HistoryObject> files = new ArrayList<>();
    private final Set<HistoryObject> kept = new HashSet<>();

    @Test
    void whatEndsBeforeTheNewestOldBaselineGoes() {
        file(9, 1, 10, 50);
        HistoryObject floor = file(9, 1, 20, 90);
        file(9, 1, 40, 120);
        file(1, 11, 15, 70);
        file(1, 16, 20, 90);
        file(1, 21, 30, 95);
        file(1, 31, 40, 120);
        file(0, 40, 40, 120);
        assertThat(going()).containsExactlyInAnyOrder("9:1-10", "1:11-15");
        assertThat(obsolete().replacements()).containsExactly(floor);
    }

    @Test
    void withoutAnOldBaselineNothingBeforeAnyGoes() {
        file(9, 1, 10, 101);
        file(9, 1, 20, 120);
        file(0, 20, 20, 120);
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
        HistoryObject bridge = file(1, 4, 9, 99);
        file(1, 6, 7, 92);
        file(0, 10, 10, 99);
        assertThat(going()).containsExactly("1:6-7");
        assertThat(obsolete().replacements()).containsExactly(bridge);
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
        HistoryObject damaged = file(1, 2, 3, 91);
        file(0, 2, 2, 90);
        file(0, 3, 3, 91);
        file(0, 4, 4, 92);
        List<HistoryObject> usable = new ArrayList<>(files);
        usable.remove(damaged);
        assertThat(Obsolete.of(files, usable, _ -> true, ages()).objects()).isEmpty();
    }

    @Test
    void i59SnapshotsAndSingleChangeSetsAloneGoByTheSameRule() {
        file(9, 1, 10, 50);
        for (int txid = 11; txid <= 30; txid++) {
            file(0, txid, txid, 10 + 4 * txid);
        }
        HistoryObject floor = file(9, 1, 20, 90);
        file(9, 1, 30, 110);
        assertThat(going()).hasSize(10).contains("9:1-10", "0:11-11", "0:19-19").doesNotContain("0:20-20");
        assertThat(obsolete().replacements()).containsExactly(floor);
    }

    @Test
    void i55WhatMayNeverBeRemovedStaysWhateverItsAge() {
        kept.add(file(9, 1, 10, 50));
        file(1, 11, 15, 60);
        kept.add(file(1, 16, 18, 70));
        file(1, 19, 20, 90);
        file(9, 1, 20, 90);
        file(0, 21, 21, 95);
        assertThat(going()).containsExactly("1:11-15");
    }

    private HistoryObject file(int level, long min, long max, long minute) {
        HistoryObject file = new HistoryObject(
                level,
                new TxidRange(new Txid(min), new Txid(max)),
                1000,
                Instant.ofEpochSecond(60 * minute),
                level + ":" + min + "-" + max);
        files.add(file);
        return file;
    }

    private Obsolete obsolete() {
        return Obsolete.of(files, files, object -> !kept.contains(object), ages());
    }

    private static Obsolete.AgeSource ages() {
        Instant cutoff = Instant.ofEpochSecond(60 * CUTOFF);
        return new Obsolete.AgeSource(
                file -> !file.time().isAfter(cutoff), file -> !file.time().isAfter(cutoff));
    }

    private Set<String> going() {
        Set<String> going = new TreeSet<>();
        for (HistoryObject file : obsolete().objects()) {
            going.add(file.level() + ":" + file.min().value() + "-" + file.max().value());
        }
        return going;
    }
}
