using System.Runtime.InteropServices;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>A token that is made and not yet counted, with the line that will count it; or why there is none.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PreparedToken(string? Refusal, TokenNumber Token, SignatureRecord? Line)
{
    public static PreparedToken No(string code) => new(code, default, null);
}
