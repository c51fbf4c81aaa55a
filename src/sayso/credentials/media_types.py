"""Name the media types."""

from sayso.identifiers import MediaType

VC = MediaType("application/vc")
VP = MediaType("application/vp")
VC_JWT = MediaType("application/vc+jwt")
VP_JWT = MediaType("application/vp+jwt")
JWT = MediaType("application/jwt")
VC_SD_JWT = MediaType("application/vc+sd-jwt")
VP_SD_JWT = MediaType("application/vp+sd-jwt")
SD_JWT_JSON = MediaType("application/sd-jwt+json")
DC_SD_JWT = MediaType("application/dc+sd-jwt")
REQUEST_OBJECT = MediaType("application/oauth-authz-req+jwt")
JSON = MediaType("application/json")
FORM = MediaType("application/x-www-form-urlencoded")
SAYSO_OFFER = MediaType("application/sayso-offer+jwt")
SAYSO_DECLINE = MediaType("application/sayso-decline+jwt")
SECEVENT_JWT = MediaType("application/secevent+jwt")
