package dev.runnel.engine;

import dev.runnel.ltx.Txid;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Receives what happens to databases and replicas. It is called on the threads of the engine, often while something
 * waits for them, so it must return at once and throw nothing.
 */
public interface EngineListener {
    /** Ignores everything. */
    EngineListener NONE = new EngineListener() {
        @Override
        public void changed(Path database, Optional<String> replica, Health before, Health now) {}

        @Override
        public void shipped(Path database, String replica, Txid txid, boolean isCaughtUp) {}
    };

    /**
     * The health of a database or of one of its replicas has changed.
     *
     * @param replica its name; empty for the database itself
     */
    void changed(Path database, Optional<String> replica, Health before, Health now);

    /**
     * History at a replica is whole up to another TXID than before.
     *
     * @param isCaughtUp whether that is the newest TXID of the database
     */
    void shipped(Path database, String replica, Txid txid, boolean isCaughtUp);
}
