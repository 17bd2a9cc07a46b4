package dev.runnel.engine;

import dev.runnel.platform.Clock;
import dev.runnel.platform.FolderWatch;
import dev.runnel.sqlite.Embedding;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * What an engine works with.
 *
 * @param embedding whether an application in this process uses the databases too
 * @param folders events of folders; the engine closes it in the end
 * @param clock for all times and waits
 * @param loops runs one task for each database and each replica for as long as the engine runs, and what these begin; not
 *     closed by the engine. Without it they run on virtual threads
 * @param listener receives what happens
 */
public record EngineSettings(
        Embedding embedding,
        FolderWatch folders,
        Clock clock,
        Optional<ExecutorService> loops,
        EngineListener listener) {
    /** The usual: the events and the clock of this machine. */
    public static EngineSettings of(Embedding embedding) {
        return new EngineSettings(
                embedding, FolderWatch.system(), Clock.system(), Optional.empty(), EngineListener.NONE);
    }

    /** The same with another source of folder events. */
    public EngineSettings withFolders(FolderWatch other) {
        return new EngineSettings(embedding, other, clock, loops, listener);
    }

    /** The same with another clock. */
    public EngineSettings withClock(Clock other) {
        return new EngineSettings(embedding, folders, other, loops, listener);
    }

    /** The same with threads of the application. */
    public EngineSettings withLoops(ExecutorService executor) {
        return new EngineSettings(embedding, folders, clock, Optional.of(executor), listener);
    }

    /** The same with a listener. */
    public EngineSettings withListener(EngineListener other) {
        return new EngineSettings(embedding, folders, clock, loops, other);
    }
}
