namespace Latchkey.Dlms.Services;

/// <summary>The first octet of an APDU.</summary>
/// <remarks>Source: IEC 62056-5-3, xDLMS-APDU and ACSE-APDU.</remarks>
public enum ApduTag : byte
{
    /// <summary>InitiateRequest.</summary>
    InitiateRequest = 0x01,
    /// <summary>InitiateResponse.</summary>
    InitiateResponse = 0x08,
    /// <summary>ConfirmedServiceError.</summary>
    ConfirmedServiceError = 0x0E,
    /// <summary>DataNotification.</summary>
    DataNotification = 0x0F,
    /// <summary>DataNotification confirm.</summary>
    DataNotificationConfirm = 0x10,
    /// <summary>InitiateRequest under the global key.</summary>
    GloInitiateRequest = 0x21,
    /// <summary>InitiateResponse under the global key.</summary>
    GloInitiateResponse = 0x28,
    /// <summary>ConfirmedServiceError under the global key.</summary>
    GloConfirmedServiceError = 0x2E,
    /// <summary>InitiateRequest under the dedicated key.</summary>
    DedInitiateRequest = 0x41,
    /// <summary>InitiateResponse under the dedicated key.</summary>
    DedInitiateResponse = 0x48,
    /// <summary>ConfirmedServiceError under the dedicated key.</summary>
    DedConfirmedServiceError = 0x4E,
    /// <summary>AARQ.</summary>
    AssociationRequest = 0x60,
    /// <summary>AARE.</summary>
    AssociationResponse = 0x61,
    /// <summary>RLRQ.</summary>
    ReleaseRequest = 0x62,
    /// <summary>RLRE.</summary>
    ReleaseResponse = 0x63,
    /// <summary>Get request.</summary>
    GetRequest = 0xC0,
    /// <summary>Set request.</summary>
    SetRequest = 0xC1,
    /// <summary>EventNotification.</summary>
    EventNotification = 0xC2,
    /// <summary>Action request.</summary>
    ActionRequest = 0xC3,
    /// <summary>Get response.</summary>
    GetResponse = 0xC4,
    /// <summary>Set response.</summary>
    SetResponse = 0xC5,
    /// <summary>Action response.</summary>
    ActionResponse = 0xC7,
    /// <summary>Get request under the global key.</summary>
    GloGetRequest = 0xC8,
    /// <summary>Set request under the global key.</summary>
    GloSetRequest = 0xC9,
    /// <summary>EventNotification under the global key.</summary>
    GloEventNotification = 0xCA,
    /// <summary>Action request under the global key.</summary>
    GloActionRequest = 0xCB,
    /// <summary>Get response under the global key.</summary>
    GloGetResponse = 0xCC,
    /// <summary>Set response under the global key.</summary>
    GloSetResponse = 0xCD,
    /// <summary>Action response under the global key.</summary>
    GloActionResponse = 0xCF,
    /// <summary>Get request under the dedicated key.</summary>
    DedGetRequest = 0xD0,
    /// <summary>Set request under the dedicated key.</summary>
    DedSetRequest = 0xD1,
    /// <summary>EventNotification under the dedicated key.</summary>
    DedEventNotification = 0xD2,
    /// <summary>Action request under the dedicated key.</summary>
    DedActionRequest = 0xD3,
    /// <summary>Get response under the dedicated key.</summary>
    DedGetResponse = 0xD4,
    /// <summary>Set response under the dedicated key.</summary>
    DedSetResponse = 0xD5,
    /// <summary>Action response under the dedicated key.</summary>
    DedActionResponse = 0xD7,
    /// <summary>ExceptionResponse.</summary>
    ExceptionResponse = 0xD8,
    /// <summary>Access request.</summary>
    AccessRequest = 0xD9,
    /// <summary>Access response.</summary>
    AccessResponse = 0xDA,
    /// <summary>Any APDU under the global key.</summary>
    GeneralGloCiphering = 0xDB,
    /// <summary>Any APDU under the dedicated key.</summary>
    GeneralDedCiphering = 0xDC,
    /// <summary>Any APDU, end to end, with its key named or agreed.</summary>
    GeneralCiphering = 0xDD,
    /// <summary>Any APDU with a signature.</summary>
    GeneralSigning = 0xDF,
    /// <summary>A block of any APDU.</summary>
    GeneralBlockTransfer = 0xE0,
}
