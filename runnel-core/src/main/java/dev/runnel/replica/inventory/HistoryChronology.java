package dev.runnel.replica.inventory;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.Chronology;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What the times of files say, compared with the order of the TXIDs at which the files end. */
public final class HistoryChronology {
    private final Txid[] txids;
    private final Instant[] times;
    private final Chronology chronology;

    /** @param ends one object for each TXID that any ends at, ascending */
    private HistoryChronology(List<HistoryObject> ends) {
        this.txids = ends.stream().map(HistoryObject::max).toArray(Txid[]::new);
        this.times = ends.stream().map(HistoryObject::time).toArray(Instant[]::new);
        List<Chronology.State> states = new ArrayList<>(txids.length);
        for (int i = 0; i < txids.length; i++) {
            long weight = i == 0 ? 1 : txids[i].value() - txids[i - 1].value();
            states.add(new Chronology.State(times[i], weight));
        }
        this.chronology = Chronology.of(states);
    }

    /** Of several files that end at a TXID the earliest time counts: the others were made later. */
    public static HistoryChronology of(Collection<HistoryObject> files) {
        List<HistoryObject> ends = new ArrayList<>(files);
        ends.sort(Comparator.comparing(HistoryObject::max).thenComparing(HistoryObject::time));
        List<HistoryObject> earliest = new ArrayList<>(ends.size());
        for (HistoryObject file : ends) {
            if (earliest.isEmpty() || !earliest.getLast().max().equals(file.max())) {
                earliest.add(file);
            }
        }
        return new HistoryChronology(earliest);
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
        for (int i = 0; i < txids.length; i++) {
            found.put(txids[i], chronology.existedAt(i));
        }
        return found;
    }

    /** An object with the earliest time at which the TXID that it ends at certainly existed. */
    HistoryObject confirmed(HistoryObject file) {
        int state = Arrays.binarySearch(txids, file.max());
        return state < 0 ? file : file.withTime(chronology.existedAt(state, file.time()));
    }

    /** What keeps the state of a time unknown. */
    public Optional<Conflict> conflict(Instant time) {
        return chronology.conflict(time).map(this::conflict);
    }

    /** Every run of TXIDs whose times cannot be right, oldest first. */
    public List<Conflict> conflicts() {
        return chronology.conflicts().stream().map(this::conflict).toList();
    }

    private Conflict conflict(Chronology.Conflict found) {
        String which = found.first() == found.last()
                ? "TXID " + txids[found.first()] + " has a time"
                : "TXIDs " + txids[found.first()] + " to " + txids[found.last()] + " have times";
        String reason = which + " that cannot be right, because the clock was set: TXID " + txids[found.last()]
                + " has " + times[found.last()] + ", the later TXID " + txids[found.after()] + " has "
                + times[found.after()];
        return new Conflict(reason, found.before().map(state -> txids[state]).orElse(Txid.NONE), txids[found.after()]);
    }

    /**
     * Why a time cannot be answered.
     *
     * @param before the last TXID before whose time is known, or NONE
     * @param after the first after it
     */
    public record Conflict(String reason, Txid before, Txid after) {}
}
