package dev.runnel.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Recognises objects in formats that no layout has: encrypted by a program whose keys are not configured, or packed. To read
 * one is an error of its own, so that it is never taken for damaged, and never replaced or removed as such.
 */
public final class RecognisingStore extends ForwardingStore {
    private static final List<Format> FORMATS = List.of(
            Format.text("age-encryption.org/", "is encrypted with age"),
            Format.text("-----BEGIN AGE ", "is encrypted with age"),
            Format.text("-----BEGIN PGP ", "is encrypted with OpenPGP"),
            Format.text("Salted__", "is encrypted with OpenSSL"),
            Format.hex("1f8b08", "is a gzip file"),
            Format.hex("28b52ffd", "is a Zstandard file"),
            Format.hex("fd377a585a00", "is an xz file"),
            Format.hex("504b0304", "is a zip file"));
    private static final int LONGEST =
            FORMATS.stream().mapToInt(format -> format.start.length).max().orElseThrow();

    /**
     * A format.
     *
     * @param start how each object begins
     * @param what says what such an object is
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and never given away
    private record Format(byte[] start, String what) {
        static Format text(String start, String what) {
            return new Format(start.getBytes(StandardCharsets.US_ASCII), what);
        }

        static Format hex(String start, String what) {
            return new Format(HexFormat.of().parseHex(start), what);
        }

        boolean isStartOf(byte[] bytes) {
            return bytes.length >= start.length && Arrays.equals(start, 0, start.length, bytes, 0, start.length);
        }
    }

    public RecognisingStore(ObjectStore inner) {
        super(inner);
    }

    /**
     * {@inheritDoc}
     *
     * @throws StoreException.Encryption if the object is in another format, and its start is asked for
     */
    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        InputStream in = super.open(key, range);
        if (range.offset() > 0 || range.length() == 0) {
            return in;
        }
        try {
            byte[] start = in.readNBytes(LONGEST);
            Optional<Format> format =
                    FORMATS.stream().filter(each -> each.isStartOf(start)).findFirst();
            if (format.isPresent()) {
                in.close();
                throw new StoreException.Encryption(
                        location(),
                        key,
                        "it " + format.get().what() + ", which this configuration cannot read",
                        "If the replica is encrypted with age, restore the \"age\" section of its configuration;"
                                + " Runnel neither replaces nor removes the object.");
            }
            PushbackInputStream whole = new PushbackInputStream(in, LONGEST);
            whole.unread(start);
            return whole;
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(key, in, e);
        }
    }

    private StoreException unreadable(String key, InputStream in, IOException fault) {
        try {
            in.close();
        } catch (IOException e) {
            fault.addSuppressed(e);
        }
        return new StoreException.Unavailable(location(), "reading " + key, fault);
    }
}
