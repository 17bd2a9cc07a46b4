package dev.runnel.replica;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Supplier;

/**
 * For how long the TXIDs of a database have existed, at least, measured in the time during which Runnel ran. No wall clock
 * is asked, so that none can make history look old, or stop it from growing old.
 */
public final class TxidAges {
    /** More than a year fits in, see {@link #thin}. */
    public static final int MOST_KNOWN = 400;

    /** Of three entries that are nearer than this the one in the middle is dropped; never the last before a silence. */
    private static final long FINEST = Duration.ofMillis(100).toNanos();

    /** What is known of an age may be too little by this part of it. */
    private static final int PRECISION = 16;

    /** In a history that another program wrote, a gap between two times counts up to this part of the retention. */
    private static final int GAP = 8;

    private final Clock clock;
    private final long startedAt;
    private final long ranBefore;
    private final boolean isContinued;
    private List<Known> known;
    private boolean isStarted;

    /**
     * The TXID that the database had reached at a time.
     *
     * @param at nanoseconds of running time; less than zero for what is older than this record
     */
    public record Known(long at, Txid txid) {}

    /** Of a database of which no earlier run has left a record. */
    public TxidAges(Clock clock) {
        this(clock, 0, List.of(), false);
    }

    /**
     * Goes on with what an earlier run has left.
     *
     * @param ran the running time then
     */
    public static TxidAges resume(Clock clock, long ran, List<Known> known) {
        return new TxidAges(clock, ran, known, true);
    }

    private TxidAges(Clock clock, long ranBefore, List<Known> known, boolean isContinued) {
        this.clock = clock;
        this.startedAt = clock.ticks();
        this.ranBefore = ranBefore;
        this.known = new ArrayList<>(known);
        this.isContinued = isContinued;
    }

    /** How long Runnel has run with this database, in nanoseconds. */
    public long ran() {
        return ranBefore + clock.ticks() - startedAt;
    }

    /** What is to be left to a later run. */
    public synchronized List<Known> known() {
        return List.copyOf(known);
    }

    /** A TXID exists. */
    public synchronized void seen(Txid txid) {
        long now = ran();
        if (txid.isNone() || (!known.isEmpty() && !txid.isAfter(known.getLast().txid()))) {
            return;
        }
        if (known.size() > 1 && now - known.get(known.size() - 2).at() < FINEST) {
            known.removeLast();
        }
        known.add(new Known(now, txid));
        if (known.size() > MOST_KNOWN) {
            thin(now);
        }
    }

    /** No TXID above this one exists: what is remembered of one is of another history. */
    public synchronized void forgetAbove(Txid newest) {
        known.removeIf(each -> each.txid().isAfter(newest));
    }

    /**
     * What the times in a history say that others wrote, or that was written before a record began. They count once, and only
     * where there is no record. One gap between two times counts for little, and a gap of that length is left out: it may
     * be a clock that was set ahead.
     *
     * @param times of TXIDs
     * @param retention how far back anything is to be kept
     */
    public synchronized void startWith(Supplier<NavigableMap<Txid, Instant>> times, Duration retention) {
        if (isContinued || isStarted) {
            return;
        }
        List<Map.Entry<Txid, Instant>> states = List.copyOf(times.get().entrySet());
        if (states.isEmpty()) {
            return;
        }
        isStarted = true;
        long cap = retention.toNanos() / GAP;
        Chronology chronology = Chronology.of(states.stream()
                .map(state -> new Chronology.State(state.getValue(), 1))
                .toList());
        List<Known> found = new ArrayList<>();
        long age = -cap;
        for (int i = states.size() - 2; i >= 0; i--) {
            Duration gap = Duration.between(chronology.existedAt(i), chronology.existedAt(i + 1));
            age += gap.compareTo(Duration.ofNanos(cap)) > 0 ? cap : gap.toNanos();
            if (age > 0) {
                found.add(new Known(ran() - age, states.get(i).getKey()));
            }
        }
        // One that is put in front of very many others each time would take minutes.
        Collections.reverse(found);
        found.addAll(known);
        known = found;
        if (known.size() > MOST_KNOWN) {
            thin(ran());
        }
    }

    /** The newest TXID that has existed for so long, or NONE. */
    public synchronized Txid olderThan(Duration age) {
        long before = ran() - age.toNanos();
        Txid found = Txid.NONE;
        for (Known each : known) {
            if (each.at() > before) {
                break;
            }
            found = each.txid();
        }
        return found;
    }

    /** Whether a TXID has existed for so long. */
    public boolean isOlder(Txid txid, Duration age) {
        return !txid.isAfter(olderThan(age));
    }

    /** For how long a TXID has existed at least. */
    public synchronized Duration ageOf(Txid txid) {
        return known.stream()
                .filter(each -> !txid.isAfter(each.txid()))
                .findFirst()
                .map(each -> Duration.ofNanos(ran() - each.at()))
                .orElse(Duration.ZERO);
    }

    /** Keeps entries at distances that grow with their age. */
    private void thin(long now) {
        List<Known> kept = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            boolean isLast = i == known.size() - 1;
            boolean isFar = isLast
                    || kept.isEmpty()
                    || known.get(i + 1).at() - kept.getLast().at()
                            > (now - known.get(i + 1).at()) / PRECISION;
            if (isFar) {
                kept.add(known.get(i));
            }
        }
        known = kept.size() > MOST_KNOWN ? new ArrayList<>(kept.subList(kept.size() - MOST_KNOWN, kept.size())) : kept;
    }
}
