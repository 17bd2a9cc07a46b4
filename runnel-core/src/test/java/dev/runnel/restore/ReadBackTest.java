package dev.runnel.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Clock;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.ModelHistory.Proofs;
import dev.runnel.store.MemoryStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReadBackTest {
    private final MemoryStore store = new MemoryStore(Clock.system());

    @ParameterizedTest
    @EnumSource
    void everyPageComesOnceWithItsChecksum(Proofs proofs) throws IOException {
        history(proofs);
        PageChecksumMap checksums = new PageChecksumMap();

        RestoredImage image = new ReadBack(Restores.replica(store)).read(new RestoreTarget.Latest(), checksums);

        assertThat(checksums.pages())
                .containsExactly(
                        Map.entry(1, Checksums.page(1, new byte[512], 0, 512)),
                        Map.entry(2, Checksums.page(2, page(7), 0, 512)),
                        Map.entry(3, Checksums.page(3, page(9), 0, 512)));
        assertThat(image.plan().reached()).isEqualTo(new Txid(2));
        long expected = Checksums.EMPTY;
        for (Map.Entry<Integer, Long> page : checksums.pages().entrySet()) {
            expected = Checksums.with(expected, page.getKey(), page.getValue());
        }
        assertThat(image.checksum()).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void i20AReadingThatMeetsDamageBeginsAnewWithOtherFiles(Proofs proofs) throws IOException {
        ModelHistory history = history(proofs);
        history.put(2, new TxidRange(new Txid(1), new Txid(2)));
        Mutations damaged = new Mutations(store);
        damaged.flip("ltx/2/0000000000000001-0000000000000002.ltx", 130, 0);
        PageChecksumMap checksums = new PageChecksumMap();

        RestoredImage image = new ReadBack(Restores.replica(damaged)).read(new RestoreTarget.Latest(), checksums);

        assertThat(image.damaged()).containsExactly("ltx/2/0000000000000001-0000000000000002.ltx");
        assertThat(checksums.readings()).isEqualTo(2);
        assertThat(image.checksum()).isEqualTo(history.checksumAt(new Txid(2)));
    }

    private ModelHistory history(Proofs proofs) throws IOException {
        ModelHistory history = new ModelHistory(store, new PageSize(512), proofs);
        history.baseline(history.change(3, Map.of(2, page(7), 3, page(3))));
        history.ship(history.change(3, Map.of(3, page(9))));
        return history;
    }

    private static byte[] page(int fill) {
        byte[] page = new byte[512];
        Arrays.fill(page, (byte) fill);
        return page;
    }
}
