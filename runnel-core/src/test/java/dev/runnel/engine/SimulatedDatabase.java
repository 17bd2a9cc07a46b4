package dev.runnel.engine;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.testkit.SimulatedClock;
import java.util.Random;

/** A database and the application that writes to it, on a simulated machine. */
final class SimulatedDatabase {
    private static final PageSize PAGE_SIZE = new PageSize(512);
    private static final int MOST_PAGES = 12;

    private final Random random;
    private final SimulatedClock clock;
    private byte[] content = new byte[0];

    /** Empty until the application makes one. */
    SimulatedDatabase(Random random, SimulatedClock clock) {
        this.random = random;
        this.clock = clock;
    }

    /** The application makes another database in the place of the one before. */
    void replace() {
        content = state(empty(1), new Txid(1));
    }

    /** A transaction of the application. */
    void write() {
        ModelDatabase next = empty(1);
        next.commit(1, clock.now(), content);
        content = state(next, new Txid(2));
    }

    private byte[] state(ModelDatabase model, Txid txid) {
        model.commitAt(clock.now());
        return model.content(txid.value());
    }

    private ModelDatabase empty(long lineage) {
        return new ModelDatabase(random, lineage, PAGE_SIZE, MOST_PAGES);
    }

    byte[] content() {
        return content.clone();
    }

    /** It is set back to a copy. */
    void put(byte[] copy) {
        content = copy.clone();
    }

    ModelPages pages() {
        return new ModelPages(content, PAGE_SIZE);
    }

    /** What a change set of this state says. */
    ModelDatabase as(long lineage, Txid txid) {
        ModelDatabase model = empty(lineage);
        model.commit(txid.value(), clock.now(), content);
        return model;
    }
}
