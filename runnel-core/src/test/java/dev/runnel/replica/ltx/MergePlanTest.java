package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.inventory.Inventory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a level merges next: never over a hole. */
final class MergePlanTest {
    private final List<HistoryObject> files = new ArrayList<>();
    private Txid leftOut = Txid.NONE;

    @Test
    void whatFollowsWithoutAHoleIsMerged() {
        files(9, 1, 1);
        files(0, 2, 2, 3, 3, 4, 4);
        assertThat(plan(1)).contains(ModelDatabase.range(2, 4));
        files(1, 2, 3);
        assertThat(plan(1)).contains(ModelDatabase.range(4, 4));
        assertThat(plan(2)).contains(ModelDatabase.range(2, 3));
        files(1, 4, 4);
        assertThat(plan(1)).isEmpty();
    }

    @Test
    void aHoleIsNeverMergedOver() {
        files(9, 1, 1);
        files(0, 2, 2, 3, 3, 5, 5, 6, 6);
        assertThat(plan(1)).contains(ModelDatabase.range(2, 3));
        files(1, 2, 3);
        assertThat(plan(1)).isEmpty();
    }

    @Test
    void behindABaselineThatStandsForWhatIsMissingALevelStartsAnew() {
        files(9, 1, 1, 1, 4);
        files(1, 2, 3);
        files(0, 5, 5, 6, 6);
        assertThat(plan(1)).contains(ModelDatabase.range(5, 6));
    }

    @Test
    void aSourceThatStraddlesTheEndOfTheLevelIsTakenWhole() {
        files(9, 1, 1);
        files(2, 2, 7);
        files(1, 2, 5, 6, 9, 10, 12);
        assertThat(plan(2)).contains(ModelDatabase.range(6, 12));
    }

    @Test
    void aLevelGoesOnAboveWhatIsLeftOut() {
        files(9, 1, 1, 1, 3);
        files(0, 2, 2, 3, 3, 4, 4, 5, 5);
        assertThat(plan(1)).contains(ModelDatabase.range(2, 5));
        leftOut = new Txid(3);
        assertThat(plan(1)).contains(ModelDatabase.range(4, 5));
    }

    private void files(int level, long... ranges) {
        for (int i = 0; i < ranges.length; i += 2) {
            String key = Replicas.key(level, ranges[i], ranges[i + 1]);
            files.add(new HistoryObject(
                    level, ModelDatabase.range(ranges[i], ranges[i + 1]), 1000, ModelDatabase.ORIGIN, key));
        }
    }

    private Optional<TxidRange> plan(int level) {
        Inventory inventory = new Inventory(Replicas.KEYS::key, 1);
        var _ = inventory.usable(files, inventory.mark());
        return MergePlan.of(inventory, level, leftOut).map(MergePlan::range);
    }
}
