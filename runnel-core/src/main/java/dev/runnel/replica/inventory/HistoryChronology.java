package dev.runnel.replica.inventory;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.Chronology;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What the times of files say, held against the order of the TXIDs that the files end at. */
public final class HistoryChronology {
    private final NavigableMap<Txid, Integer> states = new TreeMap<>();
    private final List<Txid> txids = new ArrayList<>();
    private final List<Instant> times = new ArrayList<>();
    private final Chronology chronology;

    private HistoryChronology(NavigableMap<Txid, Instant> ends) {
        List<Chronology.State> found = new ArrayList<>();
        ends.forEach((txid, time) -> {
            long weight = txids.isEmpty() ? 1 : txid.value() - txids.getLast().value();
            found.add(new Chronology.State(time, weight));
            states.put(txid, txids.size());
            txids.add(txid);
            times.add(time);
        });
        this.chronology = Chronology.of(found);
    }

    /** Of several files that end at a TXID the earliest time counts: the others were made later. */
    public static HistoryChronology of(Collection<HistoryObject> files) {
        NavigableMap<Txid, Instant> ends = new TreeMap<>();
        files.forEach(file -> ends.merge(file.max(), file.time(), (a, b) -> a.isBefore(b) ? a : b));
        return new HistoryChronology(ends);
    }

    /** The files, each with the earliest time at which the TXID that it ends at certainly existed. */
    public List<HistoryObject> confirmed(Collection<HistoryObject> files) {
        if (chronology.isConsistent()) {
            return List.copyOf(files);
        }
        return files.stream().map(this::confirmed).toList();
    }

    /** For each TXID that an object ends at the earliest time at which it certainly existed. */
    NavigableMap<Txid, Instant> times() {
        NavigableMap<Txid, Instant> found = new TreeMap<>();
        states.forEach((txid, state) -> found.put(txid, chronology.existedAt(state)));
        return found;
    }

    /** An object with the earliest time at which the TXID that it ends at certainly existed. */
    HistoryObject confirmed(HistoryObject file) {
        Integer state = states.get(file.max());
        return state == null ? file : file.withTime(chronology.existedAt(state, file.time()));
    }

    /** What keeps the state of a time unknown. */
    public Optional<Conflict> conflict(Instant time) {
        return chronology.conflict(time).map(this::conflict);
    }

    private Conflict conflict(Chronology.Conflict found) {
        String which = found.first() == found.last()
                ? "TXID " + txids.get(found.first()) + " has a time"
                : "TXIDs " + txids.get(found.first()) + " to " + txids.get(found.last()) + " have times";
        String reason = which + " that cannot be right, because the clock was set: TXID " + txids.get(found.last())
                + " has " + times.get(found.last()) + ", the later TXID " + txids.get(found.after()) + " has "
                + times.get(found.after());
        return new Conflict(reason, found.before().map(txids::get).orElse(Txid.NONE), txids.get(found.after()));
    }

    /**
     * Why a time cannot be answered.
     *
     * @param before the last TXID before whose time is known, or NONE
     * @param after the first after it
     */
    public record Conflict(String reason, Txid before, Txid after) {}
}
