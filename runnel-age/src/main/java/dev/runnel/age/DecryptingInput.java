package dev.runnel.age;

import dev.runnel.age.ChunkCipher.Place;
import dev.runnel.platform.ArrayInput;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Decrypts the chunks of a stream. Nothing is given out that is not authentic, and the end is believed only where the last
 * chunk was seen.
 */
final class DecryptingInput extends ArrayInput {
    private final InputStream in;
    private final ChunkCipher cipher;
    private final AgeFaults faults;
    private final byte[] encrypted = new byte[ChunkCipher.STORED];
    private final byte[] chunk = new byte[ChunkCipher.CHUNK];
    private long number;
    private long left = Long.MAX_VALUE;
    private int position;
    private int limit;
    private boolean last;

    /**
     * @param in starts with a chunk, and goes as far as the content that is wanted, if it is there
     * @param first the number of that chunk
     */
    DecryptingInput(InputStream in, ChunkCipher cipher, AgeFaults faults, long first) {
        this.in = in;
        this.cipher = cipher;
        this.faults = faults;
        this.number = first;
    }

    /** Before anything is read: leaves out the start of the first chunk, and all that comes after so many bytes. */
    void limitTo(int skipped, long length) throws IOException {
        left = length;
        if (length > 0 && fill()) {
            position = Math.min(skipped, limit);
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (left == 0 || !fill()) {
            return -1;
        }
        int count = (int) Math.min(Math.min(length, left), limit - position);
        System.arraycopy(chunk, position, into, offset, count);
        position += count;
        left -= count;
        return count;
    }

    /** Makes sure that there is something to give; false at the end of the content. */
    private boolean fill() throws IOException {
        while (position == limit) {
            if (last) {
                checkNothingFollows();
                return false;
            }
            next();
        }
        return true;
    }

    private void checkNothingFollows() throws IOException {
        if (in.read() >= 0) {
            throw faults.damaged("something follows the last chunk of the encrypted content");
        }
    }

    private void next() throws IOException {
        int length = in.readNBytes(encrypted, 0, encrypted.length);
        if (length == 0) {
            throw faults.cutShort(number);
        }
        OptionalInt content = decrypt(length);
        if (content.isEmpty() || (content.getAsInt() == 0 && number > 0)) {
            throw faults.damagedChunk(number);
        }
        position = 0;
        limit = content.getAsInt();
        number++;
    }

    /** A full chunk may be the last or not, which only trying tells; one that is not full has to be the last. */
    private OptionalInt decrypt(int length) {
        if (length < ChunkCipher.TAG) {
            return OptionalInt.empty();
        }
        if (length == encrypted.length) {
            OptionalInt content = cipher.decrypt(new Place(number, Place.End.MORE), encrypted, length, chunk);
            if (content.isPresent()) {
                return content;
            }
        }
        last = true;
        return cipher.decrypt(new Place(number, Place.End.LAST), encrypted, length, chunk);
    }

    @Override
    public void close() throws StoreException {
        try {
            in.close();
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException.Unavailable(faults.location(), "closing " + faults.key(), e);
        }
    }
}
