"""The SMPP client, alone and against an SMSC that is not ours."""
