package dev.runnel.testkit.storm;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Several writers at one {@link StormDatabase}, each with its habits and its kind of session, all from one seed. They can
 * be made to close their connections all at once, and killed one by one. A refusal by SQLite that is not contention ends
 * the storm: {@link #stop} then throws it.
 */
public final class Storm implements AutoCloseable {
    private static final long CLOSING_LIMIT_SECONDS = 120;

    private final long seed;
    private final StormTally tally = new StormTally();
    private final List<StormWriter> writers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Phase phase = Phase.RUNNING;
    private int disconnected;
    private int ended;
    private Optional<Throwable> failure = Optional.empty();

    public Storm(long seed) {
        this.seed = seed;
    }

    /** Adds a writer. Its session is opened, and opened again after a kill, by the writer's own thread. */
    public Storm with(Habits habits, Supplier<SqlSession> sessions) {
        writers.add(new StormWriter(seed, writers.size(), habits, sessions, tally));
        return this;
    }

    public Storm start() {
        for (StormWriter writer : writers) {
            threads.add(Thread.ofPlatform().name("storm writer").daemon().start(() -> live(writer)));
        }
        return this;
    }

    /** What has happened so far; throws what a writer failed with. */
    public StormTally tally() {
        lock.lock();
        try {
            failure.ifPresent(e -> {
                throw new WriterFailed("a writer of the storm failed: " + e.getMessage() + " (" + tally + ")", e);
            });
            return tally;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the storm go on until there are so many commits more. */
    public void awaitMoreCommits(long count, Duration limit) {
        long before = tally().commits();
        Await.until(count + " more commits of the storm", limit, () -> tally().commits() >= before + count);
    }

    /** Makes every writer close its connection, and returns when all have. */
    public void disconnectAll() {
        lock.lock();
        try {
            phase = Phase.DISCONNECTED;
            await(() -> disconnected + ended == writers.size(), "all writers to close their connections");
        } finally {
            lock.unlock();
        }
    }

    /** Lets them go on. */
    public void resume() {
        setPhase(Phase.RUNNING);
    }

    /** Kills the process of one writer in whatever it is doing; a new one takes its place. */
    public void kill(int writer) {
        writers.get(writer % writers.size()).kill();
    }

    /** Lets every writer finish its transaction and close its connection; throws what any of them failed with. */
    public StormTally stop() {
        setPhase(Phase.STOPPED);
        lock.lock();
        try {
            await(() -> ended == writers.size(), "all writers to end");
            return tally();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the writers without asking whether they were well. */
    @Override
    public void close() {
        setPhase(Phase.STOPPED);
    }

    private void live(StormWriter writer) {
        try {
            while (atGate(writer)) {
                writer.step();
                writer.pause();
            }
        } catch (Exception | AssertionError e) {
            fail(e);
        } finally {
            writer.close();
            end();
        }
    }

    private boolean atGate(StormWriter writer) throws SqlFailure, InterruptedException {
        if (phase() == Phase.DISCONNECTED) {
            writer.disconnect();
            if (awaitOpening() == Phase.RUNNING) {
                writer.connect();
            }
        }
        return phase() != Phase.STOPPED;
    }

    private Phase awaitOpening() throws InterruptedException {
        lock.lock();
        try {
            disconnected++;
            changed.signalAll();
            while (phase == Phase.DISCONNECTED) {
                changed.await();
            }
            disconnected--;
            return phase;
        } finally {
            lock.unlock();
        }
    }

    private Phase phase() {
        lock.lock();
        try {
            return phase;
        } finally {
            lock.unlock();
        }
    }

    private void setPhase(Phase next) {
        lock.lock();
        try {
            phase = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail(Throwable e) {
        lock.lock();
        try {
            if (failure.isEmpty()) {
                failure = Optional.of(e);
            }
            phase = Phase.STOPPED;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            ended++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void await(Supplier<Boolean> fact, String what) {
        try {
            long left = TimeUnit.SECONDS.toNanos(CLOSING_LIMIT_SECONDS);
            while (!fact.get()) {
                if (left <= 0) {
                    throw new AssertionError("waited in vain for " + what);
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + what, e);
        }
    }

    /** SQLite refused something that it must not refuse, or a read transaction was not one. */
    public static final class WriterFailed extends Error {
        private static final long serialVersionUID = 1L;

        WriterFailed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private enum Phase {
        RUNNING,
        DISCONNECTED,
        STOPPED
    }
}
