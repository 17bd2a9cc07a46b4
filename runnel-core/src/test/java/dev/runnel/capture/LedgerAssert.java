package dev.runnel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ledger.Ledger;
import dev.runnel.log.ModelChangeSets.State;
import dev.runnel.ltx.Txid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Holds a ledger against the model, entry by entry. */
final class LedgerAssert {
    private LedgerAssert() {}

    static void describes(Ledger ledger, State state) throws IOException {
        assertThat(ledger.txid()).isEqualTo(state.txid());
        assertThat(ledger.pageCount()).isEqualTo(state.pageCount());
        assertThat(ledger.databaseChecksum()).isEqualTo(state.databaseChecksum());
        assertThat(ledger.recomputeDatabaseChecksum()).isEqualTo(state.databaseChecksum());

        Map<Integer, Long> checksums = new TreeMap<>();
        Map<Integer, Txid> changedAt = new TreeMap<>();
        for (int page = 1; page <= ledger.pageCount(); page++) {
            if (page != ledger.pageSize().lockPage()) {
                checksums.put(page, ledger.checksumOf(page));
                changedAt.put(page, ledger.changedAt(page));
            }
        }
        assertThat(checksums).isEqualTo(checksums(state));
        assertThat(changedAt).isEqualTo(state.changedAt());

        Txid before = new Txid(Math.max(0, state.txid().value() - 2));
        List<Integer> found = new ArrayList<>();
        ledger.forEachChangedAfter(before, found::add);
        assertThat(found).isEqualTo(changedAfter(state, before));
    }

    private static Map<Integer, Long> checksums(State state) {
        Map<Integer, Long> checksums = new TreeMap<>();
        state.pages().keySet().forEach(page -> checksums.put(page, state.checksum(page)));
        return checksums;
    }

    private static List<Integer> changedAfter(State state, Txid before) {
        List<Integer> changed = new ArrayList<>();
        state.changedAt().forEach((page, txid) -> {
            if (txid.isAfter(before)) {
                changed.add(page);
            }
        });
        return changed;
    }
}
