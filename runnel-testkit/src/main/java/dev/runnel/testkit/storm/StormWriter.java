package dev.runnel.testkit.storm;

import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import dev.runnel.testkit.storm.StormTally.CheckpointOutcome;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A writer of the storm: random transactions on a {@link StormDatabase}, and its habits between them, all from one seed.
 * Contention is part of life and is counted; any other refusal by SQLite ends the storm, because it means harm.
 */
final class StormWriter {
    private static final int ROWS_KEPT = 400;
    private static final int LARGEST_BLOB = 3000;
    private static final double DELETE_CHANCE = 0.1;
    private static final double PAUSE_CHANCE = 0.6;
    private static final int IMPATIENT_MILLIS = 20;
    private static final int PATIENT_MILLIS = 500;
    private static final int USUAL_BUSY_MILLIS = 30_000;

    private final Random random;
    private final Habits habits;
    private final int number;
    private final Supplier<SqlSession> sessions;
    private final StormTally tally;
    private Optional<SqlSession> open = Optional.empty();

    StormWriter(long seed, int number, Habits habits, Supplier<SqlSession> sessions, StormTally tally) {
        this.random = new Random(seed * 1_000_003 + number);
        this.number = number;
        this.habits = habits;
        this.sessions = sessions;
        this.tally = tally;
    }

    /** One transaction, perhaps a habit, perhaps a pause. A session that was killed is replaced by a new one at the next. */
    void step() throws SqlFailure {
        try {
            SqlSession session = session();
            transaction(session);
            for (Habit habit : Habit.values()) {
                if (habits.also().contains(habit) && random.nextDouble() < habit.chance()) {
                    indulge(session, habit);
                }
            }
        } catch (SqlFailure e) {
            if (!e.isContention()) {
                throw e;
            }
            tally.contention();
        } catch (Child.ChildGone e) {
            tally.lostSession();
            close();
        }
    }

    void pause() {
        if (habits.longestPauseMillis() > 0 && random.nextDouble() < PAUSE_CHANCE) {
            LockSupport.parkNanos(random.nextLong(habits.longestPauseMillis() * 1_000_000L));
        }
    }

    /** Closes the connection; its process stays. */
    void disconnect() {
        try {
            open.ifPresent(SqlSession::disconnect);
        } catch (Child.ChildGone e) {
            tally.lostSession();
            close();
        }
    }

    void connect() throws SqlFailure {
        if (open.isPresent()) {
            reconnect(open.get());
        }
    }

    /** From another thread: ends the process in whatever it is doing. */
    void kill() {
        open.ifPresent(SqlSession::kill);
    }

    void close() {
        open.ifPresent(SqlSession::close);
        open = Optional.empty();
    }

    private SqlSession session() throws SqlFailure {
        if (open.isEmpty()) {
            SqlSession session = sessions.get();
            open = Optional.of(session);
            settle(session);
        }
        return open.get();
    }

    private void reconnect(SqlSession session) throws SqlFailure {
        session.disconnect();
        session.connect();
        settle(session);
    }

    private void settle(SqlSession session) throws SqlFailure {
        session.run(
                "pragma synchronous=" + habits.synchronous(), "pragma wal_autocheckpoint=" + habits.autocheckpoint());
        if (habits.journal().isPresent()) {
            session.run("pragma journal_mode=" + habits.journal().get());
        }
    }

    private void transaction(SqlSession session) throws SqlFailure {
        session.run("begin immediate");
        try {
            long last = session.number("select coalesce(max(id),0) from t");
            StringBuilder insert = new StringBuilder("insert into t values");
            int rows = random.nextInt(1, 9);
            for (int i = 0; i < rows; i++) {
                last++;
                insert.append(i == 0 ? "" : ",")
                        .append("(")
                        .append(last)
                        .append(",x'")
                        .append(blob(random.nextInt(10, LARGEST_BLOB)))
                        .append("',")
                        .append(number)
                        .append(")");
            }
            session.run(insert.toString(), "update s set total=" + last);
            if (random.nextDouble() < DELETE_CHANCE) {
                session.run("delete from t where id<=" + (last - ROWS_KEPT));
            }
            session.run("commit");
            tally.committed();
        } catch (SqlFailure e) {
            rollBack(session);
            throw e;
        }
    }

    private void indulge(SqlSession session, Habit habit) throws SqlFailure {
        switch (habit) {
            case CHECKPOINT_PASSIVE -> checkpoint(session, "passive");
            case CHECKPOINT_FULL -> checkpoint(session, "full");
            case CHECKPOINT_RESTART -> checkpoint(session, "restart");
            case CHECKPOINT_TRUNCATE -> checkpoint(session, "truncate");
            case RECONNECT -> reconnect(session);
            case VACUUM -> session.run("vacuum");
            case INCREMENTAL_VACUUM -> session.run("pragma incremental_vacuum(" + random.nextInt(1, 50) + ")");
            case SPILL_AND_ROLL_BACK -> spillAndRollBack(session);
            case LONG_READ -> longRead(session);
        }
    }

    private void checkpoint(SqlSession session, String mode) throws SqlFailure {
        session.run("pragma busy_timeout=" + (random.nextBoolean() ? PATIENT_MILLIS : IMPATIENT_MILLIS));
        try {
            String busyFramesCopied =
                    session.rows("pragma wal_checkpoint(" + mode + ")").getFirst();
            tally.checkpoint(busyFramesCopied.startsWith("0") ? CheckpointOutcome.DONE : CheckpointOutcome.REFUSED);
        } finally {
            session.run("pragma busy_timeout=" + USUAL_BUSY_MILLIS);
        }
    }

    private void spillAndRollBack(SqlSession session) throws SqlFailure {
        session.run("pragma cache_size=5", "begin immediate");
        try {
            long last = session.number("select coalesce(max(id),0) from t");
            for (int i = 1; i <= 20; i++) {
                session.run("insert into t values(" + (last + i) + ",zeroblob(20000)," + number + ")");
            }
        } finally {
            rollBack(session);
            session.run("pragma cache_size=-2000");
        }
    }

    private void longRead(SqlSession session) throws SqlFailure {
        session.run("begin");
        try {
            long before = session.number("select total from s");
            LockSupport.parkNanos(random.nextLong(300_000_000L));
            if (session.number("select total from s") != before) {
                throw new AssertionError("a read transaction saw the total change from " + before);
            }
        } finally {
            rollBack(session);
        }
    }

    private void rollBack(SqlSession session) {
        try {
            session.run("rollback");
        } catch (SqlFailure e) {
            // SQLite has rolled back by itself: there is no transaction any more, which is what is wanted.
            tally.contention();
        }
    }

    private String blob(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            Arrays.fill(bytes, 0, size / 2, (byte) 'r');
        }
        return HexFormat.of().formatHex(bytes);
    }
}
