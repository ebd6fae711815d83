using Latchkey.Storage.Tests.Vending;

namespace Latchkey.Custody.Tests.Contract;

/// <summary>Keys in software, in this process.</summary>
public sealed class SoftwareSignerTests : SignerContract
{
    private protected override SignerRig Rig(Shop shop) => CustodyRig.InSoftware(shop);
}

/// <summary>Keys in a PKCS#11 token.</summary>
[Collection(SoftToken.Collection)]
public sealed class Pkcs11SignerTests : SignerContract
{
    private protected override SignerRig Rig(Shop shop) => new CustodyRig(shop, _ => SoftToken.Open());
}
