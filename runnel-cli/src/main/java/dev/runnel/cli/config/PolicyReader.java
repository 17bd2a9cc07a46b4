package dev.runnel.cli.config;

import dev.runnel.replica.generations.GenerationsPolicy;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.setup.Layout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a history promises and how it is kept small: at the top for all, in a database, and in a replica. */
final class PolicyReader {
    private static final ForeignKeys NONE = new ForeignKeys(Map.of());
    private static final int MOST_LEVELS = 8;

    private PolicyReader() {}

    /** What holds where nothing else is said. */
    static LtxPolicy top(Section top) {
        LtxPolicy usual = LtxPolicy.DEFAULT;
        LtxPolicy policy = new LtxPolicy(
                usual.baselineInterval(),
                usual.retention(),
                readChangeSetRetention(top),
                top.take("l0-retention-check-interval").flatMap(Value::interval).orElse(usual.removalInterval()),
                top.take("levels").map(PolicyReader::readLevels).orElse(usual.levels()),
                usual.ages());
        LtxPolicy withSnapshot = readSnapshot(top, policy);
        Optional<Section> retention = top.take("retention").flatMap(Value::section);
        boolean removes = retention
                .flatMap(section -> section.take("enabled"))
                .flatMap(Value::bool)
                .orElse(true);
        retention.ifPresent(section -> section.finish(NONE));
        return removes ? withSnapshot : withRetention(withSnapshot, Optional.empty());
    }

    /** What a database says of itself. */
    static LtxPolicy database(Section database, LtxPolicy inherited) {
        return readSnapshot(database, inherited);
    }

    /** What a replica says of itself, in the words of Litestream 0.3. */
    static Layout replica(Section replica, LtxPolicy inherited) {
        LtxPolicy policy = replicaPolicy(replica, inherited);
        Layout.Kind kind = replica.take("layout")
                .flatMap(value -> value.oneOf(Layout.Kind.class))
                .orElse(Layout.Kind.LTX);
        return switch (kind) {
            case LTX -> new Layout.Ltx(policy);
            case GENERATIONS -> generations(replica, policy);
        };
    }

    private static Layout generations(Section replica, LtxPolicy policy) {
        Duration usual = GenerationsPolicy.DEFAULT.removalInterval();
        Duration often =
                policy.retention().filter(kept -> kept.compareTo(usual) < 0).orElse(usual);
        Duration check = replica.take("retention-check-interval")
                .flatMap(Value::interval)
                .orElse(often);
        return new Layout.Generations(
                new GenerationsPolicy(policy.baselineInterval(), policy.retention(), check, policy.ages()));
    }

    private static LtxPolicy replicaPolicy(Section replica, LtxPolicy inherited) {
        Optional<Duration> interval = replica.take("snapshot-interval").flatMap(PolicyReader::notNegative);
        Optional<Duration> retention = replica.take("retention").flatMap(Value::duration);
        LtxPolicy policy = interval.filter(Duration::isPositive)
                .map(each -> withInterval(inherited, each))
                .orElse(inherited);
        boolean keepsEverything = inherited.retention().isEmpty();
        return retention.isEmpty() || keepsEverything
                ? policy
                : withRetention(policy, retention.filter(Duration::isPositive));
    }

    private static LtxPolicy readSnapshot(Section parent, LtxPolicy inherited) {
        Optional<Section> section = parent.take("snapshot").flatMap(Value::section);
        if (section.isEmpty()) {
            return inherited;
        }
        Optional<Duration> interval = section.get().take("interval").flatMap(Value::interval);
        Optional<Duration> retention = section.get().take("retention").flatMap(Value::interval);
        section.get().finish(NONE);
        LtxPolicy policy = interval.map(each -> withInterval(inherited, each)).orElse(inherited);
        return retention.isPresent() && inherited.retention().isPresent() ? withRetention(policy, retention) : policy;
    }

    private static Optional<Duration> readChangeSetRetention(Section top) {
        Optional<Duration> given = top.take("l0-retention").flatMap(PolicyReader::notNegative);
        return given.isEmpty() ? LtxPolicy.DEFAULT.changeSetRetention() : given.filter(Duration::isPositive);
    }

    private static List<Duration> readLevels(Value value) {
        List<Duration> levels = new ArrayList<>();
        for (Value item : value.items()) {
            item.section().ifPresent(section -> {
                section.take("interval")
                        .flatMap(Value::interval)
                        .ifPresentOrElse(levels::add, () -> reportMissing(section));
                section.finish(NONE);
            });
        }
        if (levels.size() > MOST_LEVELS) {
            value.wrong("compaction level cannot exceed 8");
            return levels.subList(0, MOST_LEVELS);
        }
        return levels;
    }

    private static void reportMissing(Section level) {
        if (!level.has("interval")) {
            level.problem("a level needs an \"interval\"");
        }
    }

    private static Optional<Duration> notNegative(Value value) {
        Optional<Duration> duration = value.duration();
        return duration.isPresent() && duration.get().isNegative() ? value.wrong("must not be negative") : duration;
    }

    private static LtxPolicy withInterval(LtxPolicy policy, Duration interval) {
        return new LtxPolicy(
                interval,
                policy.retention(),
                policy.changeSetRetention(),
                policy.removalInterval(),
                policy.levels(),
                policy.ages());
    }

    private static LtxPolicy withRetention(LtxPolicy policy, Optional<Duration> retention) {
        return new LtxPolicy(
                policy.baselineInterval(),
                retention,
                policy.changeSetRetention(),
                policy.removalInterval(),
                policy.levels(),
                policy.ages());
    }
}
