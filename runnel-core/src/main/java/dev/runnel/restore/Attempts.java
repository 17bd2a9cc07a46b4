package dev.runnel.restore;

import dev.runnel.replica.PlanSource;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plans and reads a target, and does so again where files of the plan vanish meanwhile, since retention may be at work, or
 * turn out damaged, since what they hold may be in other files too.
 */
final class Attempts {
    /** A replica that loses files faster than this is not being tidied up. */
    private static final int MAX_VANISHED = 5;

    /** A replica with more damaged files than this needs an operator, not a search. */
    private static final int MAX_DAMAGED = 20;

    private final Restorable replica;
    private final RestoreTarget target;
    private final Map<String, ReplicaException.Damaged> damaged = new LinkedHashMap<>();

    Attempts(Restorable replica, RestoreTarget target) {
        this.replica = replica;
        this.target = target;
    }

    /** What is done with the files of a plan; again from the start, if it comes to that. */
    @FunctionalInterface
    interface Reader<T> {
        T read(RestorePlan plan, PlanSource source) throws IOException;
    }

    /** The first result that the reader comes to. */
    <T> T read(Reader<T> reader) throws IOException {
        for (int vanished = 0; ; ) {
            RestorePlan plan = plan();
            try (PlanSource source = replica.read(plan)) {
                return reader.read(plan, source);
            } catch (ReplicaException.Vanished e) {
                vanished++;
                if (vanished == MAX_VANISHED) {
                    throw e;
                }
            } catch (ReplicaException.Damaged e) {
                remember(e);
            }
        }
    }

    /** Keys of files that turned out damaged. */
    List<String> damaged() {
        return List.copyOf(damaged.keySet());
    }

    private RestorePlan plan() throws IOException {
        try {
            return replica.plan(target, damaged.keySet());
        } catch (ReplicaException.NotReachable e) {
            if (damaged.isEmpty()) {
                throw e;
            }
            Map.Entry<String, ReplicaException.Damaged> first =
                    damaged.entrySet().iterator().next();
            throw new ReplicaException.Damaged(
                    first.getKey(),
                    first.getValue().getMessage() + ". Without it: " + e.getMessage(),
                    e.nextStep(),
                    first.getValue());
        }
    }

    private void remember(ReplicaException.Damaged fault) throws ReplicaException.Damaged {
        if (fault.key().isEmpty()
                || damaged.size() == MAX_DAMAGED
                || damaged.putIfAbsent(fault.key().get(), fault) != null) {
            throw fault;
        }
    }
}
