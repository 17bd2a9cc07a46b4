package dev.runnel.restore;

import dev.runnel.platform.Disk;
import dev.runnel.platform.ProcessLock;
import dev.runnel.sqlite.LockedDatabase;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A database that is to be replaced. Until this is closed, neither an application nor another Runnel can begin to use
 * it.
 */
final class TakenDatabase implements Closeable {
    private final List<Closeable> held = new ArrayList<>();

    private TakenDatabase() {}

    /**
     * Takes a database.
     *
     * @param lockFiles of processes of Runnel that may be following it
     * @throws RestoreException.InUse if a process has it open or follows it
     */
    static TakenDatabase take(Disk disk, Path database, List<Path> lockFiles) throws IOException {
        TakenDatabase taken = new TakenDatabase();
        boolean done = false;
        try {
            for (Path file : lockFiles) {
                taken.takeLock(disk, database, file);
            }
            switch (LockedDatabase.lock(database)) {
                case LockedDatabase.Attempt.Locked(LockedDatabase locked) -> taken.held.add(locked);
                case LockedDatabase.Attempt.InUse(String holder) ->
                    throw new RestoreException.InUse(database, "is open in " + holder);
            }
            done = true;
            return taken;
        } finally {
            if (!done) {
                taken.close();
            }
        }
    }

    private void takeLock(Disk disk, Path database, Path file) throws IOException {
        if (disk.stat(file).isEmpty()) {
            return;
        }
        switch (ProcessLock.tryTake(file)) {
            case ProcessLock.Attempt.Taken(ProcessLock lock) -> held.add(lock);
            case ProcessLock.Attempt.HeldBy(String holder) ->
                throw new RestoreException.InUse(database, "is followed by another Runnel, " + holder);
        }
    }

    LockedDatabase file() {
        return (LockedDatabase) held.getLast();
    }

    @Override
    public void close() throws IOException {
        for (Closeable each : held.reversed()) {
            each.close();
        }
    }
}
