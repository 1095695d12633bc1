"""The strip under the picture that moves through a phase movie."""
