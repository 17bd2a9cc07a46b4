package dev.runnel.engine;

import dev.runnel.replica.Position;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Other threads that want to know what is at a replica. Each gets an answer, or is cancelled once there will be none. */
final class PositionRequests {
    private final Queue<CompletableFuture<Position>> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean isEnded;

    CompletableFuture<Position> add() {
        CompletableFuture<Position> answer = new CompletableFuture<>();
        waiting.add(answer);
        if (isEnded) {
            cancelAll();
        }
        return answer;
    }

    void answer(Position found) {
        for (CompletableFuture<Position> next = waiting.poll(); next != null; next = waiting.poll()) {
            next.complete(found);
        }
    }

    /** There will be no answer any more. */
    void end() {
        isEnded = true;
        cancelAll();
    }

    private void cancelAll() {
        for (CompletableFuture<Position> next = waiting.poll(); next != null; next = waiting.poll()) {
            next.cancel(false);
        }
    }
}
