package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.HistoryExtent;
import dev.runnel.replica.HistoryExtent.Times;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * From where to where a history in the {@code ltx} layout goes. The header of the newest file that can be read says who
 * wrote it and when; where the store shows another time for that file, the file was copied without its time.
 */
final class LtxExtent {
    /** Some file systems keep times to two seconds only. */
    private static final Duration ROUNDING = Duration.ofSeconds(2);

    private static final String NUMBERING = "the history in the ltx layout";

    private LtxExtent() {}

    static Optional<HistoryExtent> of(ObjectStore store, List<HistoryObject> files) throws IOException {
        List<HistoryObject> newestFirst = files.stream()
                .sorted(Comparator.comparing(HistoryObject::max).reversed().thenComparing(Comparator.naturalOrder()))
                .toList();
        for (HistoryObject file : newestFirst) {
            Optional<LtxHeader> header = header(store, file);
            if (header.isPresent()) {
                return Optional.of(extent(store, files, file, header.get()));
            }
        }
        return files.isEmpty() ? Optional.empty() : Optional.of(unread(newestFirst));
    }

    private static HistoryExtent extent(
            ObjectStore store, List<HistoryObject> files, HistoryObject newest, LtxHeader header) throws IOException {
        Instant shown = store.stat(newest.key())
                .orElseThrow(() -> new StoreException.NotFound(store.location(), newest.key()))
                .time();
        boolean isCopy = Duration.between(header.time(), shown).abs().compareTo(ROUNDING) > 0;
        return new HistoryExtent(
                NUMBERING,
                header.proof().isPresent()
                        ? OptionalLong.of(header.proof().get().lineage())
                        : OptionalLong.empty(),
                Optional.of(txids(files, newest.max())),
                oldest(files),
                header.time(),
                isCopy ? Times.OF_A_COPY : Times.OWN);
    }

    /** No file can be read: that is for the restore to say. */
    private static HistoryExtent unread(List<HistoryObject> newestFirst) {
        HistoryObject newest = newestFirst.getFirst();
        return new HistoryExtent(
                NUMBERING,
                OptionalLong.empty(),
                Optional.of(txids(newestFirst, newest.max())),
                oldest(newestFirst),
                newest.time(),
                Times.OF_A_COPY);
    }

    private static TxidRange txids(List<HistoryObject> files, Txid newest) {
        Txid first = files.stream()
                .map(HistoryObject::min)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return new TxidRange(first, newest);
    }

    private static Instant oldest(List<HistoryObject> files) {
        return files.stream()
                .map(HistoryObject::time)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static Optional<LtxHeader> header(ObjectStore store, HistoryObject file) throws IOException {
        try (InputStream in = store.open(file.key(), new ByteRange(0, LtxHeader.SIZE))) {
            LtxHeader header = LtxHeader.read(file.key(), in);
            return Optional.of(header).filter(found -> found.txids().equals(file.range()));
        } catch (LtxException | StoreException.NotFound | StoreException.Damaged e) {
            return Optional.empty();
        }
    }
}
