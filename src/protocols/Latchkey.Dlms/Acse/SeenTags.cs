namespace Latchkey.Dlms.Acse;

/// <summary>Remembers which of the 64 context tags an APDU gave already: a second one could contradict the first.</summary>
internal ref struct SeenTags
{
    private ulong _bits;

    public bool TryAdd(byte tag)
    {
        ulong bit = 1UL << (tag & 0x3F);
        bool first = (_bits & bit) == 0;
        _bits |= bit;
        return first;
    }
}
