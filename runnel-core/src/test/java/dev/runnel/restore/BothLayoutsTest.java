package dev.runnel.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.replica.NewestHistory;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.replica.generations.GenerationsHistory;
import dev.runnel.store.FolderStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica of Litestream 0.3 (09:09:54 to 09:10:10) beside one of 0.5 (09:14:50 to 09:15), and what is taken from where. */
class BothLayoutsTest {
    private static final RestoreTarget LATEST = new RestoreTarget.Latest();

    @TempDir
    Path folder;

    private List<Restorable> both(String generations, String ltx) {
        Path replica = folder.resolve("replica");
        Fixture.of(generations).copyTo(replica);
        Fixture.of(ltx).copyTo(replica);
        return List.of(Restores.replicaIn(replica), generations(replica));
    }

    private GenerationsHistory generations(Path replica) {
        Scratch scratch = Scratch.at(Disk.system(), folder.resolve("scratch"));
        return GenerationsHistory.all(new FolderStore(Disk.system(), replica), GenerationKeys.DEFAULT, scratch);
    }

    @Test
    void theNewestHistoryWinsAndATimeTakesTheOneThatComesNearest() throws IOException {
        List<Restorable> both = both("litestream-0.3/small-512", "litestream-0.5/small-512");
        RestoreTarget between = new RestoreTarget.AtTime(Instant.parse("2026-11-21T09:12:00Z"));
        RestoreTarget early = new RestoreTarget.AtTime(Instant.parse("2026-11-21T09:10:05.246489047Z"));
        RestoreTarget late = new RestoreTarget.AtTime(Instant.parse("2026-11-21T09:20:00Z"));

        assertThat(NewestHistory.of(both, LATEST)).isSameAs(both.get(0));
        assertThat(NewestHistory.of(both, late)).isSameAs(both.get(0));
        assertThat(NewestHistory.of(both, between)).isSameAs(both.get(1));
        assertThat(NewestHistory.of(both, early)).isSameAs(both.get(1));
        assertThat(NewestHistory.of(both, new RestoreTarget.AtTxid(new Txid(3))))
                .isSameAs(both.get(0));
    }

    @Test
    void anOlderHistoryIsNotTakenBecauseTheNewestHasAHole() throws IOException {
        List<Restorable> both = both("litestream-0.3/small-512", "litestream-0.5/missing-txid");
        assertThat(NewestHistory.of(both, LATEST)).isSameAs(both.get(0));
        assertThatThrownBy(() -> both.get(0).plan(LATEST)).isInstanceOf(ReplicaException.NotReachable.class);
    }

    @Test
    void aPlaceWithOneLayoutIsRestoredFromThat() throws IOException {
        Path replica = Fixture.of("litestream-0.3/small-512").copyTo(folder.resolve("replica"));
        List<Restorable> both = List.of(Restores.replicaIn(replica), generations(replica));

        assertThat(NewestHistory.of(both, LATEST)).isSameAs(both.get(1));
        assertThatThrownBy(() -> NewestHistory.of(both, new RestoreTarget.AtTxid(new Txid(3)))
                        .plan(new RestoreTarget.AtTxid(new Txid(3))))
                .isInstanceOf(ReplicaException.NotReachable.class)
                .hasMessageContaining("TXID 0000000000000003 is in none of 0 generations with TXIDs");
    }
}
