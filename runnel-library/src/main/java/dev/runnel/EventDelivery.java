package dev.runnel;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands events to one listener, on a thread of its own. */
final class EventDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(EventDelivery.class);
    private static final int MOST = 1000;

    private final RunnelListener listener;
    private final Deque<RunnelEvent> waiting = new ArrayDeque<>();
    private long lost;
    private boolean isClosed;

    EventDelivery(RunnelListener listener) {
        this.listener = listener;
        Thread.ofVirtual().name("runnel-events").start(this::run);
    }

    /** Takes an event, and returns at once. */
    synchronized void add(RunnelEvent event) {
        if (waiting.size() == MOST) {
            waiting.removeFirst();
            lost++;
        }
        waiting.addLast(event);
        notifyAll();
    }

    /** Ends once everything is delivered. */
    synchronized void close() {
        isClosed = true;
        notifyAll();
    }

    private void run() {
        try {
            for (RunnelEvent next = take(); next != null; next = take()) {
                deliver(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable RunnelEvent take() throws InterruptedException {
        while (waiting.isEmpty() && !isClosed) {
            wait();
        }
        if (lost > 0) {
            LOG.warn("a listener is slow: {} events were not delivered", lost);
            lost = 0;
        }
        return waiting.pollFirst();
    }

    private void deliver(RunnelEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException | Error e) {
            LOG.warn("a listener failed at {}", event, e);
        }
    }
}
