package dev.runnel.platform;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes one waiting actor. Raised while no thread waits, it is remembered; raised twice, it wakes once. */
public final class Signal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition condition = lock.newCondition();
    private boolean raised;

    public void raise() {
        lock.lock();
        try {
            raised = true;
            condition.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it is raised or time is up, and takes it back; false if time was up. */
    public boolean await(Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (!raised && left > 0) {
                left = condition.awaitNanos(left);
            }
            boolean was = raised;
            raised = false;
            return was;
        } finally {
            lock.unlock();
        }
    }
}
