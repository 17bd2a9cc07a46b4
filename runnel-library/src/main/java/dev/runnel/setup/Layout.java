package dev.runnel.setup;

import dev.runnel.replica.AgeSource;
import dev.runnel.replica.generations.GenerationsPolicy;
import dev.runnel.replica.ltx.LtxPolicy;
import java.time.Duration;

/** How history is laid out at a replica, what it promises there, and how it is kept small. */
public sealed interface Layout {
    /** As a configuration calls it. */
    enum Kind {
        LTX,
        GENERATIONS
    }

    /** The same for a process that only removes, at once, what its owner wants to have removed, and merges nothing. */
    Layout toRemoveNow();

    /** That of Litestream 0.5. */
    record Ltx(LtxPolicy policy) implements Layout {
        /** With the usual policy. */
        public static final Ltx DEFAULT = new Ltx(LtxPolicy.DEFAULT);

        @Override
        public Layout toRemoveNow() {
            return new Ltx(policy.toRemoveNow());
        }
    }

    /** That of Litestream 0.3. */
    record Generations(GenerationsPolicy policy) implements Layout {
        @Override
        public Layout toRemoveNow() {
            return new Generations(new GenerationsPolicy(
                    policy.baselineInterval(), policy.retention(), Duration.ZERO, AgeSource.WALL_CLOCK));
        }
    }
}
