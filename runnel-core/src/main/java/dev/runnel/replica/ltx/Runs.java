package dev.runnel.replica.ltx;

import dev.runnel.replica.PlanSource;
import java.io.IOException;
import java.util.Optional;

/** How the pages of a plan are cut into runs. */
sealed interface Runs permits ProvenRuns, UnprovenRun {
    /** The next run, or empty after the last; pages that are there already may be left out. */
    Optional<PlanSource.Run> next(PlanSource.Present present) throws IOException;
}
