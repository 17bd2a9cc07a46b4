package dev.runnel.age;

import java.util.ArrayList;
import java.util.List;

/**
 * With what objects are encrypted and decrypted.
 *
 * @param identities one of them opens what is read; empty on a host that can only encrypt
 * @param recipients all of them can open what is written; empty where nothing is to be written
 */
public record AgeKeys(List<Identity> identities, List<Recipient> recipients) {
    /** A header stays small; no backup needs so many. */
    private static final int MAX_RECIPIENTS = 100;

    public AgeKeys {
        identities = List.copyOf(identities);
        recipients = List.copyOf(recipients);
    }

    /**
     * Keys from text, checked for use: what is written with them can be read with them, or, where there are recipients
     * only, on another host.
     *
     * @throws AgeKeyException if a text is no key, if there is no key at all, or if there are identities and none of them
     *     opens what is written
     */
    public static AgeKeys parse(List<String> identities, List<String> recipients) throws AgeKeyException {
        List<Identity> secrets = new ArrayList<>();
        for (String text : identities) {
            secrets.add(Identity.parse(text));
        }
        List<Recipient> targets = new ArrayList<>();
        for (String text : recipients) {
            targets.add(Recipient.parse(text));
        }
        AgeKeys keys = new AgeKeys(secrets, targets);
        keys.check();
        return keys;
    }

    /** Whether anything can be written. */
    public boolean canWrite() {
        return !recipients.isEmpty();
    }

    /** Whether anything can be read. */
    public boolean canRead() {
        return !identities.isEmpty();
    }

    private void check() throws AgeKeyException {
        if (!canRead() && !canWrite()) {
            throw new AgeKeyException(
                    "there is no age key",
                    "Add recipients to encrypt to, and identities if what is written is to be read here, too.");
        }
        if (recipients.size() > MAX_RECIPIENTS) {
            throw new AgeKeyException(
                    recipients.size() + " age recipients, and at most " + MAX_RECIPIENTS + " are allowed",
                    "Remove some of them.");
        }
        if (canRead()
                && canWrite()
                && identities.stream().map(Identity::recipient).noneMatch(recipients::contains)) {
            throw new AgeKeyException(
                    "none of the age identities belongs to one of the recipients",
                    "Add the recipient of an identity, " + identities.getFirst().recipient()
                            + ", so that what is written can be read back; or remove the identities if this host is only"
                            + " to encrypt.");
        }
    }
}
