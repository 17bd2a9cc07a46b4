package dev.runnel.age;

import dev.runnel.platform.Entropy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Writes headers for recipients, all of the same length. */
final class HeaderWriter {
    private final List<Recipient> recipients;
    private final Entropy entropy;
    private final int length;

    HeaderWriter(List<Recipient> recipients, Entropy entropy) {
        this.recipients = List.copyOf(recipients);
        this.entropy = entropy;
        this.length = start().bytes().length;
    }

    /** How a new encrypted object starts: header and nonce; and the key that nothing else has. */
    static final class Start {
        private final byte[] bytes;
        private final byte[] payloadKey;

        private Start(byte[] bytes, byte[] payloadKey) {
            this.bytes = bytes;
            this.payloadKey = payloadKey;
        }

        byte[] bytes() {
            return bytes;
        }

        byte[] payloadKey() {
            return payloadKey;
        }
    }

    Start start() {
        byte[] fileKey = X25519.random(entropy, X25519Stanza.FILE_KEY);
        byte[] nonce = X25519.random(entropy, Sizes.NONCE);
        StringBuilder text = new StringBuilder(Header.VERSION);
        for (Recipient recipient : recipients) {
            text.append(X25519Stanza.wrap(fileKey, recipient, entropy).text());
        }
        text.append(Header.END);
        byte[] authenticated = text.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] mac = Header.mac(fileKey, authenticated, authenticated.length);
        byte[] header = text.append(' ')
                .append(Stanza.encode(mac))
                .append('\n')
                .toString()
                .getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Arrays.copyOf(header, header.length + nonce.length);
        System.arraycopy(nonce, 0, bytes, header.length, nonce.length);
        return new Start(bytes, Header.payloadKey(fileKey, nonce));
    }

    /** Of every header and nonce, in bytes. */
    int length() {
        return length;
    }
}
