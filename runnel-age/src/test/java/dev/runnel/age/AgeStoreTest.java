package dev.runnel.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.platform.Clock;
import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ForwardingStore;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.store.Bodies;
import dev.runnel.testkit.store.CountingStore;
import dev.runnel.testkit.store.DecoratorContract;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.FaultyStore.Fault;
import dev.runnel.testkit.store.FaultyStore.Moment;
import dev.runnel.testkit.store.StoreOperation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to encryption: what it costs, what it hides, and what it notices. */
final class AgeStoreTest {
    private static final String KEY = "ltx/0/0000000000000001-0000000000000001.ltx";
    private static final PutOptions REPLACE = PutOptions.replace(Instant.parse("2026-11-21T09:00:00Z"));
    private static final int CHUNK = 64 * 1024;

    private final MemoryStore raw = new MemoryStore(Clock.system());
    private final CountingStore counting = new CountingStore(raw);
    private final AgeStore store = TestKeys.encrypted(counting);

    @Test
    void forwardsEveryMethod() throws Exception {
        DecoratorContract.assertForwardsEveryMethod(TestKeys::encrypted);
    }

    @Test
    void rangedReadFetchesOnlyTheChunksItTouchesAndTheHeaderOnce() throws IOException {
        byte[] content = random(10 * CHUNK + 77);
        store.put(KEY, Bodies.of(content), REPLACE);
        counting.reset();

        assertThat(read(store, new ByteRange(5L * CHUNK - 1, 2))).isEqualTo(part(content, 5 * CHUNK - 1, 2));
        assertThat(counting.count(StoreOperation.OPEN)).as("header and range").isEqualTo(2);
        assertThat(counting.bytesRead()).isLessThan(2 * (CHUNK + 16) + 2048 + 1);

        counting.reset();
        assertThat(read(store, new ByteRange(10L * CHUNK + 70, 1000))).isEqualTo(part(content, 10 * CHUNK + 70, 7));
        assertThat(counting.total()).isEqualTo(1);
        assertThat(counting.bytesRead()).isEqualTo(77 + 16);
    }

    @Test
    void smallObjectIsReadByOneRequest() throws IOException {
        store.put(KEY, Bodies.of("content"), REPLACE);
        counting.reset();
        assertThat(read(store, ByteRange.ALL)).asString().isEqualTo("content");
        assertThat(counting.total()).isEqualTo(1);
    }

    @Test
    void listingReadsTheHeaderOfAnObjectOnceAndOfOwnObjectsNever() throws IOException {
        for (int i = 0; i < 100; i++) {
            store.put("own/" + i, Bodies.of("content " + i), REPLACE);
        }
        counting.reset();
        assertThat(list(store)).hasSize(100);
        assertThat(counting.total()).isEqualTo(1);

        AgeStore other = TestKeys.encrypted(counting);
        counting.reset();
        assertThat(list(other)).containsExactlyInAnyOrderElementsOf(list(store));
        assertThat(counting.count(StoreOperation.OPEN)).isEqualTo(100);
        counting.reset();
        list(other);
        assertThat(counting.total()).isEqualTo(1);
    }

    @Test
    void sizesAreThoseOfTheContentWhateverTheRecipients() throws IOException {
        AgeKeys two =
                new AgeKeys(List.of(TestKeys.FIRST), List.of(TestKeys.SECOND.recipient(), TestKeys.FIRST.recipient()));
        AgeStore forTwo = new AgeStore(raw, two);
        List<Integer> sizes = List.of(0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 16);
        for (int size : sizes) {
            store.put("one/" + size, Bodies.of(random(size)), REPLACE);
            forTwo.put("two/" + size, Bodies.of(random(size)), REPLACE);
        }
        AgeStore reader = TestKeys.encrypted(raw);
        for (int size : sizes) {
            assertThat(reader.stat("one/" + size).orElseThrow().size()).isEqualTo(size);
            assertThat(reader.stat("two/" + size).orElseThrow().size()).isEqualTo(size);
        }
        assertThat(list(reader)).containsExactlyInAnyOrderElementsOf(list(forTwo));
    }

    @Test
    void eachRecipientReadsAndNobodyElse() throws IOException {
        AgeKeys both =
                new AgeKeys(List.of(TestKeys.FIRST), List.of(TestKeys.FIRST.recipient(), TestKeys.SECOND.recipient()));
        new AgeStore(raw, both).put(KEY, Bodies.of("content"), REPLACE);
        assertThat(read(reading(TestKeys.FIRST), ByteRange.ALL)).asString().isEqualTo("content");
        assertThat(read(reading(TestKeys.SECOND), ByteRange.ALL)).asString().isEqualTo("content");

        Identity stranger = Identity.generate();
        assertThatExceptionOfType(StoreException.Encryption.class)
                .isThrownBy(() -> read(reading(stranger), ByteRange.ALL))
                .withMessageContaining(KEY)
                .withMessageContaining("none of the age identities opens it")
                .satisfies(e -> assertThat(e.nextStep()).contains("Add the identity"));
    }

    @Test
    void everyAttemptOfAPutHasAKeyOfItsOwn() throws IOException {
        List<byte[]> attempts = new ArrayList<>();
        ObjectStore twice = new ForwardingStore(raw) {
            @Override
            public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
                for (int i = 0; i < 2; i++) {
                    ByteArrayOutputStream written = new ByteArrayOutputStream();
                    try {
                        body.writeTo(written);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    attempts.add(written.toByteArray());
                }
                return super.put(key, Bodies.of(attempts.getLast()), options);
            }
        };
        TestKeys.encrypted(twice).put(KEY, Bodies.of(new byte[100]), REPLACE);

        assertThat(attempts.get(0)).hasSameSizeAs(attempts.get(1));
        assertThat(end(attempts.get(0))).isNotEqualTo(end(attempts.get(1)));
        assertThat(read(store, ByteRange.ALL)).isEqualTo(new byte[100]);
    }

    private static byte[] end(byte[] object) {
        return Arrays.copyOfRange(object, object.length - 116, object.length);
    }

    @Test
    void anyBitThatFlipsIsNoticed() throws IOException {
        byte[] content = random(CHUNK + 50);
        store.put(KEY, Bodies.of(content), REPLACE);
        byte[] stored = stored();
        Random random = new Random(5);
        for (int i = 0; i < 400; i++) {
            byte[] flipped = stored.clone();
            int at = i < 250 ? i : random.nextInt(stored.length);
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            replace(flipped);
            assertThatExceptionOfType(StoreException.class)
                    .as("bit at %d", at)
                    .isThrownBy(() -> read(TestKeys.encrypted(raw), ByteRange.ALL))
                    .withMessageContaining(KEY);
        }
    }

    @Test
    void whereverAnObjectIsCutShortItIsNoticed() throws IOException {
        byte[] content = random(2 * CHUNK);
        store.put(KEY, Bodies.of(content), REPLACE);
        byte[] stored = stored();
        int start = stored.length - 2 * (CHUNK + 16);
        for (int length : List.of(
                0, 5, 100, start - 1, start, start + 15, start + CHUNK, start + CHUNK + 16, stored.length - 1)) {
            replace(Arrays.copyOf(stored, length));
            AgeStore reader = TestKeys.encrypted(raw);
            assertThatExceptionOfType(StoreException.Damaged.class)
                    .as("%d of %d bytes", length, stored.length)
                    .isThrownBy(() -> read(reader, ByteRange.ALL))
                    .withMessageContaining(KEY);
            assertThat(reader.stat(KEY).orElseThrow().size()).isLessThan(content.length);
        }
        replace(Arrays.copyOf(stored, stored.length + 1));
        assertThatExceptionOfType(StoreException.Damaged.class)
                .isThrownBy(() -> read(TestKeys.encrypted(raw), ByteRange.ALL));
    }

    @Test
    void theEndIsBelievedOnlyWhereTheLastChunkIs() throws IOException {
        store.put(KEY, Bodies.of(random(3 * CHUNK)), REPLACE);
        assertThat(read(store, new ByteRange(3L * CHUNK, 10))).isEmpty();
        byte[] stored = stored();
        replace(Arrays.copyOf(stored, stored.length - CHUNK - 16));
        AgeStore reader = TestKeys.encrypted(raw);
        assertThat(read(reader, new ByteRange(CHUNK, 10))).hasSize(10);
        for (long offset : List.of(2L * CHUNK, 2L * CHUNK + 5, 3L * CHUNK, 1L << 40)) {
            assertThatExceptionOfType(StoreException.Damaged.class)
                    .as("from %d", offset)
                    .isThrownBy(() -> read(reader, new ByteRange(offset, 10)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "LTX1 and so on, as it was before encryption was configured"})
    void whatIsNotEncryptedIsNotRead(String content) throws IOException {
        raw.put(KEY, Bodies.of(content), REPLACE);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> read(store, ByteRange.ALL))
                .withMessageContaining(KEY);
        assertThat(list(store)).extracting(ObjectInfo::size).containsExactly((long) content.length());
    }

    @Test
    void objectForAPassphraseIsRefusedWithTheReason() throws IOException {
        String line = "A".repeat(43) + "\n";
        raw.put(
                KEY,
                Bodies.of("age-encryption.org/v1\n-> scrypt rF0/NwblUHHTpgQgRpe5CQ 18\n" + line + "--- " + line
                        + "0".repeat(32)),
                REPLACE);
        assertThatExceptionOfType(StoreException.Encryption.class)
                .isThrownBy(() -> read(store, ByteRange.ALL))
                .withMessageContaining(KEY)
                .withMessageContaining("encrypted with a passphrase")
                .satisfies(e -> assertThat(e.nextStep()).contains("age1", "-r"));
    }

    @Test
    void objectInTheFormOfTextIsRefusedWithTheReasonAndListedAsItIs() throws IOException {
        String armored = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n";
        raw.put(KEY, Bodies.of(armored), REPLACE);
        assertThatExceptionOfType(StoreException.Encryption.class)
                .isThrownBy(() -> read(store, ByteRange.ALL))
                .withMessageContaining("armor");
        assertThat(list(store)).extracting(ObjectInfo::size).containsExactly((long) armored.length());
    }

    @Test
    void bodyThatFailsLeavesNoEndThatCouldBeBelieved() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        Body broken = new Body() {
            @Override
            public OptionalLong length() {
                return OptionalLong.empty();
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                try (out) {
                    out.write(new byte[CHUNK + 1]);
                    throw new IOException("the source is gone");
                }
            }
        };
        List<Recipient> recipients = List.of(TestKeys.FIRST.recipient());
        int start = EncryptingOutput.startLength(recipients);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new EncryptedBody(broken, recipients, start).writeTo(written))
                .withMessage("the source is gone");
        assertThat(written.size()).isEqualTo(start + CHUNK + 16);
    }

    @Test
    void objectThatAnotherProcessHasReplacedIsReadAsItIsNow() throws IOException {
        byte[] content = random(3 * CHUNK);
        store.put(KEY, Bodies.of(random(3 * CHUNK + 1)), REPLACE);
        read(store, new ByteRange(CHUNK, 10));
        TestKeys.encrypted(raw).put(KEY, Bodies.of(content), REPLACE);
        assertThat(read(store, new ByteRange(2L * CHUNK, 10))).isEqualTo(part(content, 2 * CHUNK, 10));
        assertThat(store.stat(KEY).orElseThrow().size()).isEqualTo(content.length);
    }

    @Test
    void objectThatIsDeletedWhileItIsListedIsLeftOut() throws IOException {
        TestKeys.encrypted(raw).put("a", Bodies.of("a"), REPLACE);
        TestKeys.encrypted(raw).put("b", Bodies.of("b"), REPLACE);
        try (Stream<ObjectInfo> listing = new AgeStore(
                        new ForwardingStore(raw) {
                            @Override
                            public InputStream open(String key, ByteRange range) throws StoreException {
                                raw.delete(List.of("b"));
                                return super.open(key, range);
                            }
                        },
                        TestKeys.ONE)
                .list("", Optional.empty())) {
            assertThat(listing).extracting(ObjectInfo::key).containsExactly("a");
        }
    }

    @Test
    void listingFailsWhereAHeaderCannotBeRead() throws IOException {
        TestKeys.encrypted(raw).put(KEY, Bodies.of("a"), REPLACE);
        FaultyStore faulty = new FaultyStore(raw);
        faulty.inject(Fault.always(StoreOperation.OPEN, Moment.BEFORE));
        assertThatExceptionOfType(java.io.UncheckedIOException.class)
                .isThrownBy(() -> list(TestKeys.encrypted(faulty)))
                .satisfies(e -> assertThat(e.getCause()).isInstanceOf(StoreException.Unavailable.class));
    }

    @Test
    void withoutRecipientsNothingIsWritten() {
        assertThatExceptionOfType(StoreException.Encryption.class)
                .isThrownBy(() -> reading(TestKeys.FIRST).put(KEY, Bodies.of("content"), REPLACE))
                .withMessageContaining("no recipient");
        assertThat(raw.stat(KEY)).isEmpty();
    }

    private AgeStore reading(Identity identity) {
        return new AgeStore(raw, new AgeKeys(List.of(identity), List.of()));
    }

    private byte[] stored() throws IOException {
        try (InputStream in = raw.open(KEY, ByteRange.ALL)) {
            return in.readAllBytes();
        }
    }

    private void replace(byte[] stored) throws StoreException {
        raw.put(KEY, Bodies.of(stored), REPLACE);
    }

    private static byte[] read(ObjectStore from, ByteRange range) throws IOException {
        try (InputStream in = from.open(KEY, range)) {
            return in.readAllBytes();
        }
    }

    private static List<ObjectInfo> list(ObjectStore from) throws IOException {
        try (Stream<ObjectInfo> listing = from.list("", Optional.empty())) {
            return listing.toList();
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] part(byte[] content, int from, int length) {
        return Arrays.copyOfRange(content, from, from + length);
    }
}
