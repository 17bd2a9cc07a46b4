package dev.runnel.engine;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What the database of a simulated machine held at each TXID that the machine has captured. Goes with the machine's files. */
final class CapturedStates {
    private final NavigableMap<Txid, State> states = new TreeMap<>();

    /**
     * The database at a TXID.
     *
     * @param since when it was captured, in ticks
     */
    @SuppressWarnings("ArrayRecordComponent") // its content is never changed, and compared as bytes
    record State(byte[] content, long since) {}

    void put(Txid txid, byte[] content, Clock clock) {
        states.put(txid, new State(content.clone(), clock.ticks()));
    }

    Optional<State> at(Txid txid) {
        return Optional.ofNullable(states.get(txid));
    }

    CapturedStates copy() {
        CapturedStates copy = new CapturedStates();
        copy.states.putAll(states);
        return copy;
    }
}
