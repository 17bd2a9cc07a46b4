package dev.runnel.s3;

import dev.runnel.platform.MemoryBudget;
import dev.runnel.s3.S3Requests.Condition;
import dev.runnel.store.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;

/** An upload in parts, several on the way at a time. Nothing of it is seen until it is completed. */
final class PartedUpload {
    private static final byte[] NOTHING = {};

    private final S3Client client;
    private final S3Requests requests;
    private final S3Faults faults;
    private final String key;
    private final CreateMultipartUploadRequest create;
    private final String id;
    private final long mostBytes;
    private final MemoryBudget budget;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("runnel-s3-part-", 1).factory());
    private final Deque<Sending> onTheWay = new ArrayDeque<>();
    private final List<CompletedPart> parts = new ArrayList<>();
    private byte[] spent = NOTHING;
    private long bytesOnTheWay;
    private int started;

    /** @param ofBudget whether its bytes were taken from the memory budget */
    private record Sending(Future<CompletedPart> part, Content content, boolean ofBudget) {}

    /**
     * Begins one.
     *
     * @param mostBytes on the way at a time; a single part may be larger
     * @param budget gives memory for what is on the way beside a single part
     */
    PartedUpload(
            S3Client client,
            S3Requests requests,
            S3Faults faults,
            String key,
            CreateMultipartUploadRequest create,
            long mostBytes,
            MemoryBudget budget)
            throws StoreException {
        this.client = client;
        this.requests = requests;
        this.faults = faults;
        this.key = key;
        this.create = create;
        this.mostBytes = mostBytes;
        this.budget = budget;
        try {
            id = Objects.requireNonNullElse(client.createMultipartUpload(create).uploadId(), "");
        } catch (SdkException e) {
            throw faults.failed("writing", key, e);
        }
        if (id.isEmpty()) {
            throw faults.noAnswer("writing " + key, "it has no upload id");
        }
    }

    /**
     * Sends the next part; waits while too much is on the way, and fails if one that was sent before did. One part may
     * always be on the way. More are for speed, and as many as the memory of the process allows.
     */
    void send(Content content) throws StoreException {
        boolean ofBudget = false;
        while (!onTheWay.isEmpty() && !ofBudget) {
            ofBudget = bytesOnTheWay + content.size() <= mostBytes && budget.take(content.size());
            if (!ofBudget) {
                awaitFirst();
            }
        }
        int number = ++started;
        onTheWay.addLast(new Sending(threads.submit(() -> sendNow(number, content)), content, ofBudget));
        bytesOnTheWay += content.size();
    }

    /** Room for another part: that of one that has arrived, or new. Else the heap would grow by what is uploaded. */
    byte[] room(int size) {
        byte[] last = spent;
        spent = NOTHING;
        return last.length == size ? last : new byte[size];
    }

    void complete(Condition condition) throws StoreException {
        while (!onTheWay.isEmpty()) {
            awaitFirst();
        }
        threads.shutdown();
        if (client.completeMultipartUpload(requests.complete(key, id, parts, condition))
                        .eTag()
                == null) {
            throw faults.noAnswer("writing " + key, "it does not say that the object was created");
        }
    }

    /** Takes back what was sent. What is still on the way is waited for, because it would stay otherwise. */
    void abort() throws StoreException {
        onTheWay.forEach(sending -> sending.part().cancel(true));
        threads.close();
        while (!onTheWay.isEmpty()) {
            over(onTheWay.removeFirst());
        }
        try {
            client.abortMultipartUpload(requests.abort(create.key(), id));
        } catch (SdkException e) {
            if (!S3Faults.isNotFound(e)) {
                throw faults.failed("deleting the parts of", key, e);
            }
        }
    }

    private CompletedPart sendNow(int number, Content content) {
        String tag = client.uploadPart(requests.part(key, id, number), content.toSend())
                .eTag();
        if (tag == null) {
            throw S3Faults.noTag("it has no ETag for part " + number);
        }
        return CompletedPart.builder().partNumber(number).eTag(tag).build();
    }

    /** Its bytes are not needed any more. */
    private void over(Sending sending) {
        bytesOnTheWay -= sending.content().size();
        if (sending.ofBudget()) {
            budget.giveBack(sending.content().size());
        }
    }

    private void awaitFirst() throws StoreException {
        Sending first = onTheWay.removeFirst();
        try {
            parts.add(first.part().get());
            over(first);
            spent = first.content().bytes();
        } catch (InterruptedException e) {
            onTheWay.addFirst(first);
            throw faults.interrupted("writing " + key, e);
        } catch (ExecutionException e) {
            over(first);
            if (e.getCause() instanceof SdkException fault) {
                throw faults.failed("writing", key, fault);
            }
            throw new IllegalStateException(e);
        }
    }
}
