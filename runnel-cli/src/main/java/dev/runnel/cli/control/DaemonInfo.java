package dev.runnel.cli.control;

import com.google.gson.JsonObject;
import dev.runnel.platform.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What {@code /info} says about this process. */
public record DaemonInfo(String version, Instant started, Clock clock) {
    /** A process that starts now. */
    public static DaemonInfo now(String version, Clock clock) {
        return new DaemonInfo(version, clock.now().truncatedTo(ChronoUnit.SECONDS), clock);
    }

    JsonObject json(int databases) {
        JsonObject body = new JsonObject();
        body.addProperty("version", version);
        body.addProperty("pid", ProcessHandle.current().pid());
        body.addProperty(
                "uptime_seconds",
                Math.max(0, Duration.between(started, clock.now()).toSeconds()));
        body.addProperty("started_at", started.toString());
        body.addProperty("database_count", databases);
        return body;
    }
}
