package dev.runnel.replica.ltx;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.inventory.HistoryObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Listings and plans in a short form: {@code 9/1-5@12} is a file of level 9 that spans TXIDs 1 to 5, 12 seconds after the
 * origin; {@code #60} after it gives its size, 1000 without. All numbers are decimal.
 */
final class Listing {
    static final Instant ORIGIN = Instant.parse("2026-11-21T09:00:00Z");

    private Listing() {}

    static List<HistoryObject> of(String text) {
        return text.isBlank()
                ? List.of()
                : Arrays.stream(text.trim().split("\\s+", -1))
                        .map(Listing::file)
                        .toList();
    }

    private static HistoryObject file(String text) {
        String[] parts = text.split("[/\\-@#]", -1);
        int level = Integer.parseInt(parts[0]);
        TxidRange range = new TxidRange(txid(parts[1]), txid(parts[2]));
        long size = parts.length > 4 ? Long.parseLong(parts[4]) : 1000;
        return new HistoryObject(
                level, range, size, at(parts[3]), LtxKeys.folder().key(level, range));
    }

    static Txid txid(String decimal) {
        return new Txid(Long.parseLong(decimal));
    }

    static Instant at(String seconds) {
        return ORIGIN.plusMillis(Math.round(Double.parseDouble(seconds) * 1000));
    }

    /** The plan's files as {@code level/min-max}. */
    static String text(RestorePlan plan) {
        return plan.files().stream()
                .map(file -> file.level() + "/" + file.range().min().value() + "-"
                        + file.range().max().value())
                .collect(Collectors.joining(" "));
    }
}
