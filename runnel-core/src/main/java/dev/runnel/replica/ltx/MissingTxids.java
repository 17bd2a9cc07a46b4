package dev.runnel.replica.ltx;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.inventory.HistoryObject;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Says in words what keeps a TXID out of reach: the file it lies inside, or the TXIDs that are missing before it. */
record MissingTxids(Collection<HistoryObject> files, Predicate<HistoryObject> isUsable) {
    /** Why a TXID cannot be had, when an earlier one is the last before it that can. */
    String between(Txid reached, Txid wanted) {
        Optional<HistoryObject> around = files.stream()
                .filter(isUsable)
                .filter(file -> file.level() != LtxKeys.BASELINES)
                .filter(file ->
                        !file.min().isAfter(reached.next()) && file.max().isAfter(wanted))
                .min(Comparator.comparing(HistoryObject::max).thenComparing(Comparator.naturalOrder()));
        if (around.isPresent()) {
            return "it lies inside " + around.get().key();
        }
        Txid last = files.stream()
                .filter(isUsable)
                .map(HistoryObject::min)
                .filter(min -> min.isAfter(reached.next()) && !min.isAfter(wanted))
                .min(Comparator.naturalOrder())
                .map(Txid::previous)
                .orElse(wanted);
        return missing(reached.next(), last) + unusable(reached.next(), last);
    }

    private static String missing(Txid first, Txid last) {
        return first.equals(last) ? "TXID " + first + " is missing" : "TXIDs " + first + " to " + last + " are missing";
    }

    private String unusable(Txid first, Txid last) {
        List<HistoryObject> bad = files.stream()
                .filter(isUsable.negate())
                .filter(file -> !file.min().isAfter(last) && !first.isAfter(file.max()))
                .sorted()
                .toList();
        return bad.isEmpty()
                ? ""
                : bad.stream()
                        .map(file -> file.key() + " (" + file.size() + " bytes)")
                        .collect(Collectors.joining(", ", ", because these cannot be used: ", ""));
    }
}
