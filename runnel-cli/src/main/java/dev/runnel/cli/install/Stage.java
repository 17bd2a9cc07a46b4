package dev.runnel.cli.install;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where the rehearsal is played. */
public interface Stage {
    /** Runs a command line that ends by itself. */
    void run(List<String> arguments);

    /** Follows a database briefly, as the daemon does, and ends with everything at the replica. */
    void follow(Path database, Path replica) throws IOException, InterruptedException;
}
