package dev.runnel.cli.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A URL that is requested as long as databases are replicated.
 *
 * @param database the one that counts; without it, all of the file
 * @param url http or https, with a host; its path and its parameters may be secret
 * @param interval between two requests
 */
public record HeartbeatConfig(Optional<Path> database, URI url, Duration interval) {
    /** The same for one database. */
    HeartbeatConfig forDatabase(Path path) {
        return new HeartbeatConfig(Optional.of(path), url, interval);
    }

    /** What of the URL may be shown: scheme, host and port. */
    public String shownUrl() {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    @Override
    public String toString() {
        return "heartbeat to " + shownUrl()
                + database.map(path -> " for " + path).orElse("");
    }
}
