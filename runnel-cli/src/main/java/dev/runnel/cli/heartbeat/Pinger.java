package dev.runnel.cli.heartbeat;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Requests a URL. */
@FunctionalInterface
interface Pinger {
    /** Begins a request, and returns at once. It ends with what went wrong, if anything, and never with an exception. */
    CompletableFuture<Optional<String>> ping(URI url);
}
