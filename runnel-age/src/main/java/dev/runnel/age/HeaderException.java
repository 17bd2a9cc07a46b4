package dev.runnel.age;

import java.io.IOException;

/** What is wrong with the start of an encrypted object, in words that follow its name and a colon. */
abstract sealed class HeaderException extends IOException {
    private static final long serialVersionUID = 1L;

    private HeaderException(String message) {
        super(message);
    }

    /** It does not begin as age files do. */
    static final class NotEncrypted extends HeaderException {
        private static final long serialVersionUID = 1L;

        NotEncrypted() {
            super("it is not encrypted with age");
        }
    }

    /** It begins as age files do, and then is not as they are. */
    static final class Malformed extends HeaderException {
        private static final long serialVersionUID = 1L;

        Malformed(String what) {
            super("its age header is damaged: " + what);
        }
    }

    /** It is an age file that was made to be sent as text. */
    static final class Armored extends HeaderException {
        private static final long serialVersionUID = 1L;

        Armored() {
            super("it is an age file in the form of text (armor)");
        }
    }

    /** An identity cannot open it. */
    static final class Passphrase extends HeaderException {
        private static final long serialVersionUID = 1L;

        Passphrase() {
            super("it is encrypted with a passphrase (scrypt)");
        }
    }

    /** It is a header, but for other recipients. */
    static final class NoMatch extends HeaderException {
        private static final long serialVersionUID = 1L;

        NoMatch() {
            super("none of the age identities opens it");
        }
    }

    /** Nothing is here to open it with. */
    static final class NoIdentity extends HeaderException {
        private static final long serialVersionUID = 1L;

        NoIdentity() {
            super("it is encrypted with age, and no age identity is configured");
        }
    }
}
